import type { MessageBody } from './model.ts';
import type { Settings } from './settings.ts';

/** A frame to a client. */
export interface Frame {
  readonly type: 'response' | 'message';
  readonly class: string;
  readonly code: number;
  readonly tracingId?: string;
  readonly body: unknown;
}

/** The id of a request, which its answer repeats. */
export type TracingId = string | undefined;

/** The answer to a request. */
export function response(frameClass: string, body: unknown, tracingId: TracingId): Frame {
  return { type: 'response', class: frameClass, code: 200, ...traced(tracingId), body };
}

/** A frame that answers no request, or one to all connections of a session. */
export function notice(frameClass: string, body: unknown, tracingId?: TracingId): Frame {
  return { type: 'message', class: frameClass, code: 200, ...traced(tracingId), body };
}

/** A message of the guest that comes back, or one to the guest. */
export function structuredMessage(
  body: MessageBody,
  tracingId: TracingId,
  type: Frame['type'] = 'message',
): Frame {
  return { type, class: 'StructuredMessage', code: 200, ...traced(tracingId), body };
}

/** A refused request. */
export interface Refusal {
  readonly code: number;
  readonly text: string;
}

export function errorFrame(
  { code, text }: Refusal,
  tracingId: TracingId,
  shape: Settings['errors']['shape'],
): Frame {
  const head = { type: 'response', code, ...traced(tracingId) } as const;
  if (shape === 'string') return { ...head, class: 'string', body: text };
  return { ...head, class: 'ErrorMessage', body: { errorCode: code, errorMessage: text } };
}

export function tooManyRequests(retryAfter: number, text: string, tracingId: TracingId): Frame {
  const body = { retryAfter, errorCode: 4029, errorMessage: text };
  return { type: 'response', class: 'TooManyRequestsErrorMessage', code: 429, ...traced(tracingId), body };
}

/** The refusal of a file, for a request that asks for errors as JSON. */
export function generateUrlError(
  attachmentId: string | undefined,
  { code, text }: Refusal,
  tracingId: TracingId,
  form: Settings['attachments']['urlErrorForm'],
): Frame {
  const body = { ...(attachmentId !== undefined && { attachmentId }), errorCode: code, errorMessage: text };
  const head =
    form === 'response-400'
      ? { type: 'response' as const, code: 400 }
      : { type: 'message' as const, code: 200 };
  return { ...head, class: 'GenerateUrlError', ...traced(tracingId), body };
}

export function withoutTracingId({ tracingId: _tracingId, ...rest }: Frame): Frame {
  return rest;
}

function traced(tracingId: TracingId): { tracingId?: string } {
  return tracingId === undefined ? {} : { tracingId };
}
