import type { AnswerHeaders } from '../outbound/answer.ts';
import { oneLine } from './one-line.ts';

/** The id by which Genesys Cloud finds a request in its own logs, from the body or the headers. */
export function correlationIdOf(
  headers: AnswerHeaders,
  body?: { readonly contextId?: string | undefined },
): string | undefined {
  const id = body?.contextId ?? headers.get('inin-correlation-id');
  return id ? oneLine(id) : undefined;
}

/** What an error says of the id: the end of its message, and its field. */
export function correlated(correlationId: string | undefined): {
  readonly where: string;
  readonly option: { readonly correlationId?: string };
} {
  if (correlationId === undefined) return { where: '', option: {} };
  return { where: ` (correlation id ${correlationId})`, option: { correlationId } };
}
