import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** How long the server goes on to read behind its answer, ms. */
const LINGER_MS = 5000;

/**
 * Says in the header of an answer that the connection ends behind it, when the body of the request has
 * not arrived as a whole. The rest of a body that the server does not read would keep the connection busy.
 */
export function announceEarlyEnd({ raw }: FastifyRequest, reply: FastifyReply): void {
  if (raw.complete || !hasBody(raw)) return;
  reply.header('connection', 'close');
  // Node calls this behind an answer with this header. Its own function destroys the socket at once.
  raw.socket.destroySoon = () => endSlowly(raw);
}

/**
 * Closes the connection behind a stream that ends before its request does. Its header has gone, and
 * HTTP has no other way to tell the caller to stop.
 */
export function closeBehindEarlyEnd(request: IncomingMessage, response: ServerResponse): void {
  response.once('finish', () => {
    if (!request.complete) endSlowly(request);
  });
}

/**
 * The server sends its end first and reads on for a while: a socket that is closed with unread bytes
 * makes TCP drop the answer on its way.
 */
function endSlowly(request: IncomingMessage): void {
  const { socket } = request;
  if (socket.destroyed) return;
  request.on('error', () => {}).resume();
  socket.end();
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => clearTimeout(timer));
}

/** A request without a body is not complete either while its headers are handled. */
function hasBody({ headers }: IncomingMessage): boolean {
  return (headers['content-length'] ?? '0') !== '0' || headers['transfer-encoding'] !== undefined;
}
