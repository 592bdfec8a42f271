import { errorAnswer, generalCodeOf } from './error-body.ts';
import type { Answer } from './operation.ts';
import { type Problem, sentenceOf } from './problems.ts';

/** The 400 of a message or a card, with every field that was found wrong. @param what is refused: `message`, `card` */
export function refusal(correlationId: string, what: string, problems: readonly Problem[]): Answer {
  return errorAnswer(correlationId, {
    status: 400,
    code: generalCodeOf(400),
    message: `The ${what} is not valid: ${problems.map(sentenceOf).join('; ')}`,
    details: problems.map(({ path, isMissing }) => ({
      errorCode: isMissing ? 'missing.value' : 'invalid.value',
      fieldName: path,
    })),
  });
}

/** The same status as a missing scope: only looking the session up tells them apart (rich card guide, error 403). */
export function sessionEnded(correlationId: string): Answer {
  return errorAnswer(correlationId, {
    status: 403,
    code: 'not.authorized',
    message: 'The conversation is not part of an active guest session.',
  });
}
