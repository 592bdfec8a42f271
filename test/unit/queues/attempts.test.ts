import type { Job } from 'bullmq';
import { expect, test } from 'vitest';
import { type AttemptTrace, attemptIn, traced } from '../../../src/queues/attempt-trace.ts';
import { attemptsOf } from '../../../src/queues/attempts.ts';

const TIMES = { startedAt: '2026-03-01T09:30:00.000Z', endedAt: '2026-03-01T09:30:00.250Z' };

function traceOf(number: number, reason = 'GENESYS_UNAVAILABLE: no'): string {
  return traced(new Error(reason), { number, ...TIMES }).stack ?? '';
}

function attemptsIn(stacktrace: unknown[]): unknown[] {
  return attemptsOf({ stacktrace } as Job, 'failed').map(({ number, code }) => [number, code]);
}

test('a trace keeps its attempt, whatever the reason says', () => {
  const attempt: AttemptTrace = { number: 3, ...TIMES };
  const reason = `JOB_INVALID: x\n    at ${TIMES.endedAt} to ${TIMES.endedAt}, attempt 9`;

  expect(attemptIn(traced(new Error(reason), attempt).stack ?? '')).toEqual(attempt);
  const answered = { ...attempt, status: 503 };
  expect(attemptIn(traced(new Error(reason), answered).stack ?? '')).toEqual(answered);
});

test('numbers go on behind the attempts that the job no longer keeps', () => {
  expect(attemptsIn([traceOf(7), traceOf(8)])).toEqual([
    [7, 'GENESYS_UNAVAILABLE'],
    [8, 'GENESYS_UNAVAILABLE'],
  ]);
});

test('numbers go on when an operator sent the job again', () => {
  const numbers = attemptsIn([traceOf(1), traceOf(2), traceOf(1), traceOf(2), traceOf(1)]);

  expect(numbers.map((entry) => (entry as [number])[0])).toEqual([1, 2, 3, 4, 5]);
});

test('traces of an earlier version and of other programs are attempts without times', () => {
  const old = 'RetryLater: RATE_LIMITED: slow down\n    at settle (/app/settle.ts:1:1)';

  expect(attemptsIn([old, 7, {}, 'lost'])).toEqual([
    [1, 'RATE_LIMITED'],
    [2, 'INTERNAL'],
  ]);
});
