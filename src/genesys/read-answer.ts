import { z } from 'zod';
import { checked } from '../core/checked.ts';
import { CodedError, type ErrorCode } from '../core/errors.ts';
import { describeIssue, type Issue } from '../core/issues.ts';
import { textOf } from '../core/shapes.ts';

/** How the answer of an operation is read that must have a certain shape. */
export interface Reading<Shape extends z.ZodType> {
  /** Name of the operation. */
  readonly name: string;
  readonly shape: Shape;
  /** Code of the error for an answer of another shape. */
  readonly code: Extract<ErrorCode, 'CONFIGURATION_MALFORMED' | 'ANSWER_MALFORMED'>;
}

/** Most details of an error, and most of them in its message. */
const MAX_DETAILS = 20;
const MAX_IN_MESSAGE = 5;

/** An id of Genesys Cloud. */
export const genesysId = textOf({ min: 1, max: 200 });

/**
 * Reads an answer.
 * @throws {CodedError} the reading's code; GENESYS_UNAVAILABLE if the answer is not JSON.
 */
export function readAnswer<Shape extends z.ZodType>(
  { name, shape, code }: Reading<Shape>,
  answer: unknown,
): z.output<Shape> {
  if (answer === undefined) {
    const message = `${name}: the answer is not JSON, or incomplete`;
    throw new CodedError('GENESYS_UNAVAILABLE', message, { status: 200 });
  }
  const parsed = checked(shape, answer);
  if (parsed.ok) return parsed.data;
  throw malformed(code, name, parsed.issues);
}

/**
 * The error of an answer with an unexpected shape. It has status 200, so the bucket counts Genesys
 * Cloud as available.
 */
export function malformed(
  code: Reading<z.ZodType>['code'],
  name: string,
  issues: readonly Issue[],
): CodedError {
  const details = issues.slice(0, MAX_DETAILS).map(describeIssue);
  const message = `${name}: the answer has an unexpected shape: ${details.slice(0, MAX_IN_MESSAGE).join('; ')}`;
  return new CodedError(code, message, { status: 200, details });
}

/** The id in the answer to a write; null if there is none. The write was made in either case. */
export function idIn(answer: unknown): string | null {
  const parsed = checked(withId, answer);
  return parsed.ok ? parsed.data.id : null;
}

const withId = z.looseObject({ id: genesysId });
