import { type Problem, sentenceOf } from '../input/problems.ts';
import type { Answer } from '../requests/arrival.ts';
import { type ErrorDetail, errorAnswer, type FieldError, generalCodeOf } from './error-body.ts';

// Whoever has more to mend begins with these.
const MAX_TOLD_PROBLEMS = 100;

/** The 400 of a body or a query, with every field found wrong. @param what is refused: `message`, `card` */
export function refusal(correlationId: string, what: string, problems: readonly Problem[]): Answer {
  const told = problems.slice(0, MAX_TOLD_PROBLEMS);
  return errorAnswer(correlationId, {
    status: 400,
    code: generalCodeOf(400),
    message: `The ${what} is not valid: ${told.map(sentenceOf).join('; ')}`,
    details: told.map(detailOf),
  });
}

/**
 * The 422 of a body whose fields break the rules, with reasons in `errors`
 * (docs/guides.md#write-a-configuration).
 */
export function unprocessable(correlationId: string, what: string, problems: readonly Problem[]): Answer {
  const told = problems.slice(0, MAX_TOLD_PROBLEMS);
  return errorAnswer(correlationId, {
    status: 422,
    code: generalCodeOf(422),
    message: `The ${what} does not follow the rules: ${told.map(sentenceOf).join('; ')}`,
    details: told.map(detailOf),
    errors: told.map(fieldErrorOf),
  });
}

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

/** The 404 of an id that names nothing. @param what what was asked for: `widget`, `deployment` */
export function notFound(correlationId: string, what: string): Answer {
  const message = `There is no such ${what}.`;
  return errorAnswer(correlationId, { status: 404, code: generalCodeOf(404), message });
}

function detailOf({ path, isMissing }: Problem): ErrorDetail {
  return { errorCode: isMissing ? 'missing.value' : 'invalid.value', fieldName: path };
}

function fieldErrorOf(problem: Problem): FieldError {
  const { wanted, got } = problem;
  return { ...detailOf(problem), message: `wanted ${wanted}, got ${got}` };
}
