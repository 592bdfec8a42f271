import { type Problem, sentenceOf } from '../input/problems.ts';
import type { Answer } from '../requests/arrival.ts';
import { type ErrorDetail, errorAnswer, type FieldError, generalCodeOf } from './error-body.ts';

// A bound for the size of an answer.
const MAX_SHOWN_PROBLEMS = 100;

/** The 400 for invalid fields of a body or a query. @param what its name, for example `card` */
export function refusal(correlationId: string, what: string, problems: readonly Problem[]): Answer {
  const shown = problems.slice(0, MAX_SHOWN_PROBLEMS);
  return errorAnswer(correlationId, {
    status: 400,
    code: generalCodeOf(400),
    message: `The ${what} is not valid: ${shown.map(sentenceOf).join('; ')}`,
    details: shown.map(detailOf),
  });
}

/**
 * The 422 of a body whose fields break the rules. `errors` has the reasons
 * (docs/guides.md#write-a-configuration).
 */
export function unprocessable(correlationId: string, what: string, problems: readonly Problem[]): Answer {
  const shown = problems.slice(0, MAX_SHOWN_PROBLEMS);
  return errorAnswer(correlationId, {
    status: 422,
    code: generalCodeOf(422),
    message: `The ${what} does not follow the rules: ${shown.map(sentenceOf).join('; ')}`,
    details: shown.map(detailOf),
    errors: shown.map(fieldErrorOf),
  });
}

/**
 * The 403 of an ended session. A missing scope has the same status, so a client has to read the
 * session (docs/guides.md#read-a-session).
 */
export function sessionEnded(correlationId: string): Answer {
  return errorAnswer(correlationId, {
    status: 403,
    code: 'not.authorized',
    message: 'The conversation is not part of an active guest session.',
  });
}

/** The 404 of an unknown id. @param what its kind, for example `widget` */
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
