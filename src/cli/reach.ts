import { OperatorError } from '../core/errors.ts';

/** Marks the failure to reach a server, with an exit code for programs that retry. */
export async function reaching<Result>(opening: Promise<Result>): Promise<Result> {
  try {
    return await opening;
  } catch (error) {
    if (!(error instanceof OperatorError) || error.failure !== 'failed') throw error;
    throw new OperatorError(error.message, 'unavailable');
  }
}
