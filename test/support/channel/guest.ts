import { once } from 'node:events';
import { type RawData, WebSocket } from 'ws';
import { DEFAULT_DEPLOYMENT_ID } from '../../../src/sandbox/platform/webmessaging/deployments.ts';
import { onEnd } from '../lifetime.ts';
import { waitFor } from '../wait-for.ts';
import { frameProblems } from './frame-rules.ts';

/** A frame that a guest received. */
export interface GuestFrame {
  readonly type: string;
  readonly class: string;
  readonly code: number;
  readonly tracingId?: string;
  readonly body: Readonly<Record<string, unknown>> & string;
}

/** A connection by another client than ours. Each frame is checked by rules of its own. */
export interface Guest {
  readonly frames: readonly GuestFrame[];
  /** The code with which the connection closed. */
  closed(): Promise<number>;
  /** Sends any value as a frame. */
  send(frame: unknown): void;
  /** Sends a frame with a tracing id. @returns the first frame with it */
  ask(frame: object): Promise<GuestFrame>;
  /** The first frame, of those that came or will come, that fits. */
  until(what: string, fits: (frame: GuestFrame) => boolean): Promise<GuestFrame>;
  configure(token: string, fields?: object): Promise<GuestFrame>;
  say(token: string, text: string, fields?: object): Promise<GuestFrame>;
  ping(): Promise<void>;
  close(): void;
}

export interface GuestOptions {
  readonly deploymentId?: string;
  /** Null: no header. */
  readonly origin?: string | null;
}

/** @throws {Error} with the status if the upgrade is refused */
export async function connectGuest(
  { url }: { readonly url: string },
  { deploymentId = DEFAULT_DEPLOYMENT_ID, origin = 'https://shop.example' }: GuestOptions = {},
): Promise<Guest> {
  const query = new URLSearchParams({ deploymentId });
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1?${query}`, origin === null ? {} : { origin });
  onEnd(() => socket.terminate());
  const frames: GuestFrame[] = [];
  const problems: string[] = [];
  let code: number | undefined;
  socket.on('message', (data: RawData) => {
    const raw = String(data);
    const frame = JSON.parse(raw) as GuestFrame;
    frames.push(frame);
    problems.push(...frameProblems(frame).map((problem) => `${problem}: ${raw}`));
  });
  socket.on('close', (closeCode) => {
    code = closeCode;
  });
  await once(socket, 'open');
  onEnd(() => {
    if (problems.length > 0) throw new Error(`frames of another form: ${problems.join('\n')}`);
  });

  let asked = 0;
  const send = (frame: unknown) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  const until: Guest['until'] = (what, fits) => waitFor(() => frames.find(fits), { what });
  const ask: Guest['ask'] = async (frame) => {
    const tracingId = `ask-${++asked}`;
    send({ tracingId, ...frame });
    const wanted = 'tracingId' in frame ? frame.tracingId : tracingId;
    return await until(`the answer to ${JSON.stringify(frame)}`, (each) => each.tracingId === wanted);
  };
  return {
    frames,
    closed: async () => {
      await waitFor(() => code !== undefined, { what: 'the end of the connection' });
      return code ?? 0;
    },
    send,
    ask,
    until,
    configure: (token, fields = {}) => ask({ action: 'configureSession', deploymentId, token, ...fields }),
    say: (token, text, fields = {}) =>
      ask({ action: 'onMessage', token, message: { type: 'Text', text, ...fields } }),
    async ping() {
      const pong = once(socket, 'pong');
      socket.ping();
      await pong;
    },
    close: () => socket.close(1000),
  };
}
