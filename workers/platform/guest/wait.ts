import { setTimeout as delay } from 'node:timers/promises';
import { CodedError } from '../../../src/core/errors.ts';
import { type Snooze, snooze } from '../../../src/core/outcome.ts';

/** The job cannot go on now. It runs again after the wait, and no attempt counts. */
export class Wait extends Error {
  override readonly name = 'Wait';
  readonly outcome: Snooze;
  constructor(waitMs: number, reason: string, error?: CodedError) {
    super(`${reason}: ${waitMs} ms`);
    this.outcome = snooze(waitMs, reason, error);
  }
}

/** Longest wait in which the worker keeps the job, ms. */
const PATIENCE_MS = 1000;

/** Waits for a short time here. @throws {Wait} for a longer one, which occupies no worker. */
export async function waitOrReschedule(waitMs: number, reason: string, signal: AbortSignal): Promise<void> {
  if (waitMs > PATIENCE_MS) throw new Wait(waitMs, reason);
  await delay(waitMs, undefined, { signal }).catch(() => {
    throw new CodedError('GENESYS_UNREACHABLE', `the attempt took too long: ${reason}`);
  });
}
