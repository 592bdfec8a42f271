import { randomUUID } from 'node:crypto';
import { startDeadline } from '../core/deadline.ts';
import { CodedError, reworded } from '../core/errors.ts';
import { inSpan, NO_TRACING, type SpanStart, type Tracing } from '../observe/tracing.ts';
import { describeNetworkFailure } from '../outbound/transport.ts';
import {
  type OpenSocket,
  type SocketListener,
  SocketRefused,
  type WebSockets,
} from '../outbound/web-sockets.ts';
import { type Answers, type Awaited, createAnswers, type Patience } from './answers.ts';
import { ChannelRefusal, refusedConnection } from './codes.ts';
import { readFrame, type SessionFacts } from './frames.ts';
import { createRequestLog, type WindowLimit } from './request-log.ts';
import type { ClientFrame } from './requests.ts';

/** The session that a connection serves, and its way there. */
export interface Target {
  /** Address of the channel with the deployment, `https://…/v1?deploymentId=…`. */
  readonly url: URL;
  readonly deploymentId: string;
  /** The page that the guest is on. */
  readonly origin: string;
  /** The secret of the session. */
  readonly token: string;
  /** The limit of one connection. */
  readonly requests: WindowLimit;
}

export interface ConnectionOptions {
  readonly sockets: WebSockets;
  /** Makes the spans of requests; off by default. */
  readonly tracing?: Tracing;
  readonly connectTimeoutMs: number;
  /** Longest wait for an answer, ms. */
  readonly answerTimeoutMs: number;
  /** From one ping to the next, ms. A connection whose last ping has no answer is broken. */
  readonly pingMs: number;
  /** Called once, when the connection is no longer open. */
  readonly onClose: () => void;
}

/** An open connection of one session. It has one request under way at a time. */
export interface Connection {
  readonly target: Target;
  readonly session: SessionFacts;
  /** Whether it can take another request. */
  isUsable(): boolean;
  /** How long the limit of the connection makes the next request wait, ms. */
  waitMs(): number;
  /**
   * Sends a request and waits for its answer.
   * @param patience.tracingId names the request in its answer; random by default
   * @throws {ChannelRefusal} for an error frame; {CodedError} GENESYS_UNREACHABLE if there is no answer,
   *   with `isUnknown` if the request was sent.
   */
  ask<Answer>(
    request: ClientFrame,
    awaited: Awaited<Answer>,
    patience: Patience & { readonly tracingId?: string },
  ): Promise<Answer>;
  /** Waits for a frame that no request of the channel asks for. @throws as `ask`. */
  hear<Answer>(awaited: Awaited<Answer>, patience: Patience): Promise<Answer>;
  /** Closes the connection. The session of the guest goes on. */
  close(): void;
}

/**
 * Opens a connection and configures the session of its token.
 *
 * The states of a connection:
 *
 *   connect ──► configure ──► idle ◄──► asking ──► closed
 *                               │                    ▲
 *                               └── by the server: a frame that ends it, a close, no pong
 *
 * @throws {ChannelRefusal} if the session cannot be configured; {CodedError} GENESYS_UNREACHABLE,
 *   GENESYS_UNAVAILABLE, CAPABILITY_UNAVAILABLE, NOT_FOUND, GENESYS_REFUSED, RATE_LIMITED
 */
export async function openConnection(
  target: Target,
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<Connection> {
  const { host } = target.url;
  const log = createRequestLog(target.requests, () => performance.now());
  const answers = createAnswers(host, options.answerTimeoutMs);
  const { socket, hasEnded, retire } = await openSocket(target, options, answers, signal);

  const { tracing = NO_TRACING } = options;
  const ask: Connection['ask'] = (request, awaited, patience) => {
    if (!tracing.isOn) return askNow(request, awaited, patience);
    return inSpan(tracing, spanOf(request.action, target), () => askNow(request, awaited, patience));
  };
  const askNow: Connection['ask'] = async (request, awaited, { tracingId = randomUUID(), ...patience }) => {
    const name = request.action;
    if (answers.isAwaited()) throw new TypeError(`${name}: the connection has a request under way`);
    // An attempt that is over must not send: another one may be under way.
    if (patience.signal.aborted) throw new CodedError('GENESYS_UNREACHABLE', `${name}: the attempt is over`);
    log.note();
    if (!socket.send(JSON.stringify({ ...request, token: target.token, tracingId }))) {
      throw new CodedError('GENESYS_UNREACHABLE', `${name}: the connection to ${host} is closed`);
    }
    try {
      return await answers.wait({ name, tracingId, wasSent: true }, awaited, patience);
    } catch (error) {
      // A second copy of such an error would be taken for the answer to the next request.
      if (error instanceof ChannelRefusal && !error.isTraced) retire();
      throw error;
    }
  };

  try {
    const { deploymentId } = target;
    const configure = { action: 'configureSession', deploymentId, startNew: false } as const;
    const session = await ask(configure, CONFIGURED, { signal });
    return {
      target,
      session,
      isUsable: () => !hasEnded() && socket.isOpen(),
      waitMs: log.waitMs,
      ask,
      hear: (awaited, patience) =>
        answers.wait({ name: 'hear', tracingId: '', wasSent: false }, awaited, patience),
      close: socket.close,
    };
  } catch (error) {
    socket.cut();
    throw asKnown(error);
  }
}

/** A request on the channel has no method and no status. The page of the guest is not named. */
function spanOf(action: ClientFrame['action'], { url }: Target): SpanStart {
  return {
    name: `guest ${action}`,
    kind: 'client',
    attributes: { 'server.address': url.hostname, 'gwm.operation': `guest.${action}` },
  };
}

const CONFIGURED: Awaited<SessionFacts> = {
  storesNothing: true,
  take: (frame, tracingId) =>
    frame.kind === 'session' && (frame.tracingId ?? tracingId) === tracingId ? frame.session : undefined,
};

/** A session that is configured twice is the same one, so nothing is unknown. */
function asKnown(error: unknown): unknown {
  if (!(error instanceof CodedError) || error instanceof ChannelRefusal) return error;
  return reworded(error, { isUnknown: false });
}

interface Opened {
  readonly socket: OpenSocket;
  /** Whether the connection takes no more requests. */
  hasEnded(): boolean;
  /** Lets it take no more requests, and closes it. */
  retire(): void;
}

async function openSocket(
  target: Target,
  options: ConnectionOptions,
  answers: Answers,
  signal: AbortSignal,
): Promise<Opened> {
  let hasEnded = false;
  let hasPong = true;
  let pinging: NodeJS.Timeout | undefined;
  const retire = () => {
    hasEnded = true;
    socket.close();
  };
  const socket = await connect(target, options, signal, {
    onText(text) {
      const frame = readFrame(text);
      answers.frame(frame);
      if (frame.kind !== 'ended') return;
      hasEnded = true;
      // An error frame follows for a request under way.
      if (!answers.isAwaited()) retire();
    },
    onPong() {
      hasPong = true;
    },
    onClose(code) {
      clearInterval(pinging);
      answers.lose(`the connection closed with ${code}`);
      options.onClose();
    },
  });
  pinging = setInterval(() => {
    if (!socket.isOpen()) return clearInterval(pinging);
    if (!hasPong) return socket.cut();
    hasPong = false;
    socket.ping();
  }, options.pingMs).unref();
  return { socket, hasEnded: () => hasEnded, retire };
}

async function connect(
  { url, origin }: Target,
  { sockets, connectTimeoutMs }: ConnectionOptions,
  signal: AbortSignal,
  listener: SocketListener,
): Promise<OpenSocket> {
  using deadline = startDeadline(connectTimeoutMs, signal);
  try {
    return await sockets.open(url, { headers: { origin }, listener, deadline: deadline.signal });
  } catch (error) {
    if (error instanceof SocketRefused) throw refusedConnection(error, url.host);
    const reason = describeNetworkFailure(error, connectTimeoutMs);
    const message = `no connection of a guest to ${url.host}: ${reason}`;
    throw new CodedError('GENESYS_UNREACHABLE', message, { cause: error });
  }
}
