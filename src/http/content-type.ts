import type { FastifyRequest } from 'fastify';
import { repeatedHeaders } from '../ingest/event-headers.ts';
import { mediaTypeOf } from '../ingest/media-type.ts';
import { ProblemError } from './problem.ts';

/**
 * Refuses a body whose type is not one type in UTF-8. Node would take the first of two headers, and a
 * server in front of this one perhaps the other.
 * @throws {ProblemError} MEDIA_TYPE_UNSUPPORTED
 */
export function requireOneType({ headers, raw }: FastifyRequest): void {
  const header = headers['content-type'];
  if (header === undefined) return;
  if (mediaTypeOf(header)?.isUtf8 && !repeatedHeaders(raw.rawHeaders).includes('content-type')) return;
  throw new ProblemError('MEDIA_TYPE_UNSUPPORTED');
}
