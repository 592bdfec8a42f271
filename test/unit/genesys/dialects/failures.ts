import { CodedError } from '../../../../src/core/errors.ts';
import type { Operation } from '../../../../src/genesys/dialects/dialect.ts';

/** What an operation makes of an answer that it cannot use. */
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

/** Objects within each other, as a hostile answer may have them. */
export function deepObject(): unknown {
  return JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`);
}
