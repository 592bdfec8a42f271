import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { problemOfStatus } from './failing-requests.ts';
import { SAFE_HEADERS } from './headers.ts';
import { PROBLEM_TYPE, ProblemError, problemOf } from './problem.ts';

/** A request whose answer is not complete. */
interface Pending {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

const OF_PARSER: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/**
 * Answers what is not HTTP with a problem document. It never writes into another answer of the
 * connection, and never takes the place of one: its caller would take it for the answer to a request
 * that the server has accepted.
 */
export function answerUnreadable({ server }: FastifyInstance): void {
  const pending = new WeakMap<Socket, Set<Pending>>();
  const answered = new WeakSet<Socket>();
  const lingering = new WeakSet<Socket>();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    const ofSocket = pending.get(socket) ?? new Set();
    pending.set(socket, ofSocket);
    const one = { request, response };
    ofSocket.add(one);
    response.once('close', () => ofSocket.delete(one));
  });
  // RFC 9110, section 10.1.1: a server may ignore an expectation that it does not know.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.removeAllListeners('clientError');
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET') return void socket.destroy();
    // Each further piece of noise is one more error. An answer is on its way already.
    if (!socket.writable || answered.has(socket)) {
      if (!lingering.has(socket)) destroyLater(socket);
      return void lingering.add(socket);
    }
    answered.add(socket);
    const before = [...(pending.get(socket) ?? [])];
    const last = before.at(-1);
    const answer = () => socket.writable && socket.end(answerTo(error));
    if (!last) return answer();
    // The noise stands behind whole requests, which have their answers first.
    if (last.request.complete) return after(last.response, answer);
    if (last.response.writableEnded) return after(last.response, () => socket.end());
    if (before.length === 1 && !last.response.headersSent) return answer();
    socket.destroySoon();
  });
}

/** How long a caller has to take its last answer, ms. */
const LINGER_MS = 5000;

function destroyLater(socket: Socket): void {
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => clearTimeout(timer));
}

/** Calls `act` as soon as the answer is on its way. */
function after(response: ServerResponse, act: () => void): void {
  if (response.writableFinished) act();
  else response.once('finish', act);
}

function answerTo({ code: ofParser = '' }: NodeJS.ErrnoException): string {
  const { code, statusCode } = problemOfStatus(OF_PARSER[ofParser] ?? 400);
  const body = JSON.stringify(problemOf(code, ''));
  const headers = { ...SAFE_HEADERS, 'content-type': PROBLEM_TYPE, 'content-length': body.length };
  const head = Object.entries({ ...headers, connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return [`HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode]}`, ...head, '', body].join('\r\n');
}

/**
 * HTTP/1.1 asks for a host. A transfer coding beside `chunked` would reach the handlers as the bytes of
 * the body.
 */
export function refuseOddFraming(
  { raw }: FastifyRequest,
  _reply: FastifyReply,
  done: (error?: Error) => void,
): void {
  const { host, 'transfer-encoding': coding = 'chunked' } = raw.headers;
  const hasHost = host !== undefined || raw.httpVersion === '1.0';
  const isSound = hasHost && coding.trim().toLowerCase() === 'chunked';
  done(isSound ? undefined : new ProblemError('REQUEST_UNREADABLE'));
}
