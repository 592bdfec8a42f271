import type { IncomingMessage, ServerResponse } from 'node:http';

/** How long the server goes on to read behind its answer, ms. */
const LINGER_MS = 5000;

/**
 * Closes the connection behind an answer that ends before its request does. HTTP has no other way to
 * tell the caller to stop. The server sends its end first and reads on for a while: a socket that is
 * closed with unread bytes makes TCP drop the answer on its way.
 */
export function closeBehindEarlyEnd(request: IncomingMessage, response: ServerResponse): void {
  response.once('finish', () => {
    const { socket } = request;
    if (request.complete || socket.destroyed) return;
    request.on('error', () => {}).resume();
    socket.end();
    const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
    socket.once('close', () => clearTimeout(timer));
  });
}
