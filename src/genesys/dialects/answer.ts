import { z } from 'zod';
import { CodedError, type ErrorCode } from '../../core/errors.ts';
import { describeIssue, type Issue } from '../../core/issues.ts';
import { safeParse } from '../../core/safe-parse.ts';
import { textOf } from '../../core/shapes.ts';

/** What is read of an answer, by whoever cannot go on without it. */
export interface Reading<Shape extends z.ZodType> {
  /** Name of the operation. */
  readonly name: string;
  readonly shape: Shape;
  /** How an answer of another shape is told. */
  readonly code: Extract<ErrorCode, 'CONFIGURATION_MALFORMED' | 'ANSWER_MALFORMED'>;
}

const MAX_DETAILS = 20;
/** As many of them stand in the message. */
const MAX_TOLD = 5;

/** An id of Genesys Cloud. */
export const genesysId = textOf({ min: 1, max: 200 });

/** Takes an answer apart. @throws {CodedError} the reading's code, and GENESYS_UNAVAILABLE where there is no JSON. */
export function readAnswer<Shape extends z.ZodType>(
  { name, shape, code }: Reading<Shape>,
  answer: unknown,
): z.output<Shape> {
  if (answer === undefined) {
    const message = `${name}: the answer is no JSON, or broke off`;
    throw new CodedError('GENESYS_UNAVAILABLE', message, { status: 200 });
  }
  const parsed = safeParse(shape, answer);
  if (parsed.success) return parsed.data;
  throw malformed(code, name, parsed.issues);
}

/** With the status of the answer: Genesys Cloud has answered well, which is what its bucket is to hear. */
export function malformed(
  code: Reading<z.ZodType>['code'],
  name: string,
  issues: readonly Issue[],
): CodedError {
  const details = issues.slice(0, MAX_DETAILS).map(describeIssue);
  const message = `${name}: the answer is not as it should be: ${details.slice(0, MAX_TOLD).join('; ')}`;
  return new CodedError(code, message, { status: 200, details });
}

/** The id in the answer to a write, which was done whatever the answer looks like; null when there is none. */
export function idIn(answer: unknown): string | null {
  const parsed = safeParse(withId, answer);
  return parsed.success ? parsed.data.id : null;
}

const withId = z.looseObject({ id: genesysId });
