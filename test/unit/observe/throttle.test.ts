import { describe, expect, test } from 'vitest';
import { createLogger } from '../../../src/observe/logger.ts';
import { createLogThrottle, kindOf } from '../../../src/observe/throttle.ts';

/** A throttle with a clock of the test, and the lines that it logs. */
function setUp() {
  const lines: { readonly reason: string; readonly msg: string; readonly suppressed?: number }[] = [];
  const clock = { ms: 0 };
  const logger = createLogger('info', { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { lines, clock, throttle: createLogThrottle({ logger, everyMs: 1000, now: () => clock.ms }) };
}

describe('the log throttle', () => {
  test('logs the first warning of each kind, then one per period with the number suppressed', () => {
    const { lines, clock, throttle } = setUp();
    const moments = [0, 0, 999, 1000, 1000];
    for (const ms of moments) {
      clock.ms = ms;
      throttle.warn({ reason: 'lost job 1' }, 'queue error');
    }

    expect(lines.map(({ suppressed }) => suppressed)).toEqual([undefined, 2]);
  });

  test('separates kinds by message and by reason without ids', () => {
    const { lines, throttle } = setUp();
    throttle.warn({ reason: 'lost job 1' }, 'queue error');
    throttle.warn({ reason: 'lost job 2' }, 'queue error');
    throttle.warn({ reason: 'lost connection' }, 'queue error');
    throttle.warn({ reason: 'lost job 3' }, 'reconciliation failed');

    expect(lines.map(({ reason, msg }) => [reason, msg])).toEqual([
      ['lost job 1', 'queue error'],
      ['lost connection', 'queue error'],
      ['lost job 3', 'reconciliation failed'],
    ]);
  });

  test('logs at once after it forgets', () => {
    const { lines, throttle } = setUp();
    throttle.warn({ reason: 'away' }, 'store');
    throttle.warn({ reason: 'away' }, 'store');
    throttle.forget();
    throttle.warn({ reason: 'away' }, 'store');

    expect(lines.map(({ suppressed }) => suppressed)).toEqual([undefined, undefined]);
  });

  test('remembers a bounded number of kinds, and logs each new one', () => {
    const { lines, throttle } = setUp();
    const words = Array.from({ length: 1000 }, (_, n) =>
      String(n).replace(/\d/g, (digit) => 'abcdefghij'[+digit] ?? ''),
    );
    for (const word of words) throttle.warn({ reason: word }, 'queue error');

    expect(lines).toHaveLength(1000);
  });
});

test.for([
  ['Missing lock for job j1a2b3c. moveToFinished', 'Missing lock for job j9z8y7x-step. moveToFinished'],
  ['connect ECONNREFUSED 127.0.0.1:6379', 'connect ECONNREFUSED 10.0.0.7:6380'],
] as const)('ignores ids and numbers when it compares texts: %j', ([one, other]) => {
  expect(kindOf(one)).toBe(kindOf(other));
  expect(kindOf(one)).not.toBe(kindOf('READONLY this server is a replica'));
});
