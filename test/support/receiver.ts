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
  /** The body, unchanged. */
  readonly body: string;
}

/** An answer of the receiver. */
export interface ReceiverAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** Writes the answer itself. */
type FreeHand = (response: ServerResponse, request: Received) => void;

type NextAnswer = ReceiverAnswer | Promise<ReceiverAnswer> | FreeHand | undefined;

/** The HTTP server of a customer that receives callbacks. */
export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
  /**
   * The next answers in order, before the usual one. A promise delays its answer. Undefined: no
   * answer.
   */
  answerWith(...answers: NextAnswer[]): void;
  /** The usual answer, at first 204. */
  usually(answer: NextAnswer): void;
  /** Requests that wait for their answer. */
  inHand(): number;
  /** The largest number of concurrent requests. */
  mostInHand(): number;
}

/** Opens a receiver that closes at the end of the test or file. */
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
