import { OperatorError } from '../core/errors.ts';

/** Tells a server that is not to be had from other failures: for programs that try again later. */
export async function reaching<Result>(opening: Promise<Result>): Promise<Result> {
  try {
    return await opening;
  } catch (error) {
    if (!(error instanceof OperatorError) || error.failure !== 'failed') throw error;
    throw new OperatorError(error.message, 'unavailable');
  }
}
