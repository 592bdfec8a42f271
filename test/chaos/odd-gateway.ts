import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { listen } from '../support/listen.ts';

/** What the gateway does with one request. */
export type Manner =
  | 'pass'
  /** Genesys Cloud carries the request out, and the caller gets no answer. */
  | 'swallow'
  /** The connection breaks before the request reaches Genesys Cloud. */
  | 'reset before'
  /** The connection breaks instead of the answer. */
  | 'reset after'
  /** The answer comes byte by byte. */
  | 'trickle'
  /** The answer stops in its middle. */
  | 'stall'
  | 'gzip'
  | 'br'
  /** 100, 102 and 103 come before the answer. */
  | 'interim'
  /** 503 without a look at the request. */
  | 'refuse';

/** A proxy before Genesys Cloud that handles requests in odd manners. */
export interface Gateway {
  readonly url: string;
  /** Chooses the manner of each request from now on. */
  behave(choose: () => Manner): void;
  /** From now on nothing listens. */
  leave(): Promise<void>;
  /** It listens again. Call it before the end of the test. */
  comeBack(): Promise<void>;
  /** Requests that did not just pass. */
  odd(): number;
}

const BYTE_EVERY_MS = 1;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Opens a gateway that closes at the end of the test or file. */
export async function openGateway(target: string): Promise<Gateway> {
  let choose: () => Manner = () => 'pass';
  let odd = 0;
  const server = createServer(async (request, response) => {
    const manner = choose();
    if (manner !== 'pass') odd++;
    try {
      const body = await buffer(request);
      if (manner === 'reset before') return void request.socket.resetAndDestroy();
      if (manner === 'refuse') return void response.writeHead(503).end();
      const { method = '', url = '', headers } = request;
      await answerIn(manner, response, await pass(`${target}${url}`, method, headers, body));
    } catch {
      // The worker was killed, or the sandbox has closed.
      response.destroy();
    }
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    async leave() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
    async comeBack() {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    behave(next) {
      choose = next;
    },
    odd: () => odd,
  };
}

async function pass(
  url: string,
  method: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const onward = httpRequest(url, { method, headers }, (answer) => {
    const { statusCode: status = 502, headers } = answer;
    buffer(answer).then((body) => resolve({ status, headers, body }), reject);
  });
  onward.on('error', reject).end(body);
  return await promise;
}

async function answerIn(manner: Manner, response: ServerResponse, answer: Answer): Promise<void> {
  const { status, headers, body } = answer;
  switch (manner) {
    case 'swallow':
      return;
    case 'reset after':
      return void response.req.socket.resetAndDestroy();
    case 'trickle':
      response.writeHead(status, headers);
      for (const byte of body) {
        response.write(Buffer.of(byte));
        await sleep(BYTE_EVERY_MS);
      }
      return void response.end();
    case 'stall':
      response.writeHead(status, headers);
      return void response.write(body.subarray(0, body.length >> 1));
    case 'gzip':
    case 'br': {
      const packed = manner === 'gzip' ? gzipSync(body) : brotliCompressSync(body);
      const { 'content-length': _, ...others } = headers;
      return void response.writeHead(status, { ...others, 'content-encoding': manner }).end(packed);
    }
    case 'interim':
      response.writeContinue();
      response.writeProcessing();
      response.writeEarlyHints({ link: '</style.css>; rel=preload' });
      break;
  }
  response.writeHead(status, headers).end(body);
}
