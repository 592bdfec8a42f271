import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onEnd } from './lifetime.ts';

/** A request that the receiver got. */
export interface Received {
  readonly path: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** The body, byte for byte as it came. */
  readonly body: string;
}

/** What the receiver answers. */
export interface ReceiverAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** Answers as it likes. */
type FreeHand = (response: ServerResponse, request: Received) => void;

type NextAnswer = ReceiverAnswer | Promise<ReceiverAnswer> | FreeHand | undefined;

/** An HTTP server of a customer, who wants to know how jobs end. */
export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** The next answers, in order; behind them the usual one. A promise: once it is kept. Undefined: none at all. */
  answerWith(...answers: NextAnswer[]): void;
  /** What it answers when nothing else was said, 204 at first. */
  usually(answer: NextAnswer): void;
  /** Requests that wait for their answer. */
  inHand(): number;
  /** The most that ever did at the same time. */
  mostInHand(): number;
}

/** Opens a receiver that is closed when the test, or the file, ends. */
export async function openReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const answers: NextAnswer[] = [];
  let usual: NextAnswer = { status: 204 };
  let inHand = 0;
  let mostInHand = 0;
  const server = createServer(async (request, response) => {
    const { url: path = '', method = '', headers } = request;
    const seen = { path, method, headers, body: await text(request) };
    received.push(seen);
    mostInHand = Math.max(mostInHand, ++inHand);
    response.once('close', () => inHand--);
    const answer = await (answers.length > 0 ? answers.shift() : usual);
    if (typeof answer === 'function') answer(response, seen);
    else if (answer) response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onEnd(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    answerWith: (...next) => answers.push(...next),
    usually(answer) {
      usual = answer;
    },
    inHand: () => inHand,
    mostInHand: () => mostInHand,
  };
}
