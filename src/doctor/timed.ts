import { setTimeout as delay } from 'node:timers/promises';
import { CodedError, ERRORS, OperatorError } from '../core/errors.ts';
import { type Finding, failed } from './finding.ts';

/** Longest time of one group of checks, ms: longer than a login and a request with their time-outs. */
export const PATIENCE_MS = 60_000;

/** What to do about a failure, where the failure itself does not say it. */
const LOOK = 'Look at the address and at the network between here and there.';

/**
 * Runs a group of checks. A failure that an operator can mend, and no end in time, is a finding too, so
 * that it hides no other check.
 *
 * @throws every other error: it is one of this program.
 */
export async function timed(
  about: string,
  check: string,
  examine: () => Promise<readonly Finding[]>,
  patienceMs: number = PATIENCE_MS,
): Promise<readonly Finding[]> {
  const timer = new AbortController();
  const late = delay(patienceMs, undefined, { signal: timer.signal }).then(
    () => [failed(about, check, `no end within ${patienceMs / 1000} s`, LOOK)],
    () => [],
  );
  const examined = Promise.resolve()
    .then(examine)
    .catch((error: unknown) => [failureOf(about, check, error)]);
  return await Promise.race([examined, late]).finally(() => timer.abort());
}

function failureOf(about: string, check: string, error: unknown): Finding {
  if (error instanceof CodedError) {
    return failed(about, check, `${error.code}: ${withoutPeriod(error.message)}`, ERRORS[error.code].hint);
  }
  if (!(error instanceof OperatorError)) throw error;
  const line = error.message.replace(/\s*\n\s*/g, ' ');
  // The first sentence says what is wrong, and the others what to do.
  const [, found = line, todo = LOOK] = /^(.+?)\.\s+(.+)$/.exec(line) ?? [];
  return failed(about, check, withoutPeriod(found), todo);
}

/** A finding is a part of a sentence. */
export function withoutPeriod(text: string): string {
  return text.replace(/\.$/, '');
}
