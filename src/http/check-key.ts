import { ProblemError } from './problem.ts';
import type { Call } from './routes/route.ts';

/** @throws {ProblemError} KEY_UNKNOWN when the key was revoked, or has expired, since the request began. */
export async function checkKey(call: Pick<Call<unknown, unknown, unknown>, 'mayGoOn'>): Promise<void> {
  if (!(await call.mayGoOn())) throw new ProblemError('KEY_UNKNOWN');
}
