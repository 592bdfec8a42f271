import { CodedError } from '../../../src/core/errors.ts';
import type { Operation } from '../../../src/genesys/operation.ts';

/** The error of an operation for an answer that it cannot use. */
export function failureOf<Output>(
  { name, read }: Pick<Operation<never, Output>, 'name' | 'read'>,
  answer: unknown,
): CodedError {
  try {
    read(answer, 200);
  } catch (error) {
    if (error instanceof CodedError) return error;
    throw error;
  }
  throw new Error(`${name} took the answer`);
}

/** Deeply nested objects, as in a hostile answer. */
export function deepObject(): unknown {
  return JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`);
}
