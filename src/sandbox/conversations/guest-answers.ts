import { errorAnswer } from '../answers/error-body.ts';
import type { Answer } from '../operation.ts';

/**
 * The same status as for a missing scope. Only the session tells them apart
 * (docs/guides.md#read-a-session).
 */
export function sessionEnded(correlationId: string): Answer {
  return errorAnswer(correlationId, {
    status: 403,
    code: 'not.authorized',
    message: 'The conversation is not part of an active guest session.',
  });
}
