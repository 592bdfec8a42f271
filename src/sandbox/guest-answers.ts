import { errorAnswer } from './error-body.ts';
import type { Answer } from './operation.ts';

/** The same status as a missing scope: only looking the session up tells them apart (rich card guide, error 403). */
export function sessionEnded(correlationId: string): Answer {
  return errorAnswer(correlationId, {
    status: 403,
    code: 'not.authorized',
    message: 'The conversation is not part of an active guest session.',
  });
}
