import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
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
  const socket = socketOf(raw, reply.raw);
  // Node calls this behind an answer with this header. Its own function destroys the socket at once.
  if (socket) socket.destroySoon = () => endSlowly(raw, socket);
}

/**
 * Closes the connection behind a stream that ends before its request does. Its header has gone, and
 * HTTP has no other way to tell the caller to stop.
 */
export function closeBehindEarlyEnd(request: IncomingMessage, response: ServerResponse): void {
  const socket = socketOf(request, response);
  response.once('finish', () => {
    if (socket && !request.complete) endSlowly(request, socket);
  });
}

/** A pipeline that fails takes the socket from its request. A response has it only in its turn. */
function socketOf(request: IncomingMessage, response: ServerResponse): Socket | null {
  return response.socket ?? request.socket;
}

/**
 * The server sends its end first and reads on for a while: a socket that is closed with unread bytes
 * makes TCP drop the answer on its way.
 */
function endSlowly(request: IncomingMessage, socket: Socket): void {
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
