import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import { writeJson } from '../input/json.ts';
import type { Answer } from '../requests/arrival.ts';

const SLOW_BODY_PIECES = 10;

/** Sends an answer. */
export function send(reply: FastifyReply, answer: Answer, correlationId: string): void {
  reply.code(answer.status);
  reply.headers(headersOf(answer, correlationId));
  reply.send(bytesOf(answer));
}

/** Sends the head of an answer at once, and the body in equal pieces over `durationMs`. */
export async function sendSlowly(
  reply: FastifyReply,
  answer: Answer,
  correlationId: string,
  durationMs: number,
  closing: AbortSignal,
): Promise<void> {
  const bytes = bytesOf(answer);
  const { raw } = reply.hijack();
  raw.writeHead(answer.status, { ...headersOf(answer, correlationId), 'content-length': bytes.length });
  raw.flushHeaders();
  const pieceBytes = Math.ceil(bytes.length / SLOW_BODY_PIECES);
  for (let index = 0; index < bytes.length; index += pieceBytes) {
    await sleep(durationMs / SLOW_BODY_PIECES, undefined, { signal: closing });
    raw.write(bytes.subarray(index, index + pieceBytes));
  }
  raw.end();
}

/** Destroys the connection. The caller sees a reset. */
export function dropConnection(reply: FastifyReply): void {
  reply.hijack();
  reply.raw.destroy();
}

/** Sends no answer, and leaves the connection open. */
export function leaveHanging(reply: FastifyReply): void {
  reply.hijack();
}

function headersOf(answer: Answer, correlationId: string): Record<string, string> {
  return {
    ...(answer.body !== undefined && {
      'content-type': typeof answer.body === 'string' ? 'text/plain' : 'application/json',
    }),
    'inin-correlation-id': correlationId,
    ...(answer.hasRequestId !== false && { 'x-request-id': `req-${correlationId}` }),
    ...answer.headers,
  };
}

// Bytes, because Fastify adds a charset to the content type of a string. Genesys Cloud does not.
function bytesOf({ body }: Answer): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  return Buffer.from(typeof body === 'string' ? body : writeJson(body));
}
