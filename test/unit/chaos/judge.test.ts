import { describe, expect, test } from 'vitest';
import type { Rules } from '../../chaos/fault.ts';
import { type Facts, judge } from '../../chaos/judge.ts';

const FAULT_END_MS = 10_000;

/** Two jobs, delivered once each, with a callback each. */
function facts(others: Partial<Facts> = {}): Facts {
  return {
    accepted: new Map([
      ['a', 1000],
      ['b', 9000],
    ]),
    deliveries: new Map([
      ['a', [1100]],
      ['b', [12_500]],
    ]),
    doubts: new Map(),
    deadLetters: new Map(),
    callbacks: new Map([
      ['a', callback()],
      ['b', callback()],
    ]),
    callbackDeadLetters: [],
    forged: 0,
    outOfOrder: 0,
    rateLimited: 0,
    stuck: 0,
    leftBehind: 0,
    lateAnswers: 0,
    faults: 1,
    faultEndedAtMs: FAULT_END_MS,
    lossesAtMs: [],
    complaints: [],
    ...others,
  };
}

function callback(times = 1, ...endings: string[]) {
  return {
    timesById: new Map([['wh', times]]),
    endings: new Set(['message.delivered', ...endings]),
    atMs: 13_000,
  };
}

const judged = (others: Partial<Facts>, rules: Rules = {}) =>
  judge({ name: 'x', rules }, 'load', facts(others));

describe('a row', () => {
  test('passes when each job has one delivery and one callback', () => {
    expect(judged({})).toMatchObject({
      accepted: 2,
      delivered: 2,
      lost: 0,
      doubled: 0,
      callbacksMissing: 0,
      recoverySeconds: 2.5,
      failures: [],
    });
  });

  test.for([
    ['a lost job', { deliveries: new Map([['a', [1100]]]) }, { lost: 1 }, /neither delivered/],
    ['a message out of order', { outOfOrder: 1 }, { outOfOrder: 1 }, /out of order/],
    [
      'a missing callback',
      { callbacks: new Map([['a', callback()]]) },
      { callbacksMissing: 1 },
      /no callback/,
    ],
    [
      'two ends',
      {
        callbacks: new Map([
          ['a', callback(1, 'message.failed')],
          ['b', callback()],
        ]),
      },
      {},
      /two different/,
    ],
    ['a forged callback', { forged: 1 }, {}, /signature/],
    ['a strange dead letter', { deadLetters: new Map([['a', 'INTERNAL']]) }, { deadLetters: 1 }, /INTERNAL/],
    ['a stuck job', { stuck: 1 }, {}, /do not end/],
    ['a job that was left', { leftBehind: 1 }, {}, /left by a worker/],
    ['a callback that failed', { callbackDeadLetters: ['WEBHOOK_REFUSED'] }, {}, /WEBHOOK_REFUSED/],
    ['a complaint of the fault', { complaints: ['the chain is broken'] }, {}, /the chain/],
  ] as const)('fails with %s', ([, others, counts, failure]) => {
    const row = judged(others as Partial<Facts>);

    expect(row).toMatchObject(counts);
    expect(row.failures.join()).toMatch(failure);
  });

  test('counts a callback that came again', () => {
    expect(
      judged({
        callbacks: new Map([
          ['a', callback(3)],
          ['b', callback()],
        ]),
      }),
    ).toMatchObject({
      callbacksDoubled: 2,
      failures: [],
    });
  });
});

describe('a second delivery', () => {
  const deliveries = new Map([
    ['a', [1100, 5000]],
    ['b', [12_500]],
  ]);

  test('is a failure, unless gwm says of this job that it may be', () => {
    expect(judged({ deliveries }).failures.join()).toMatch(/delivered again/);
    expect(judged({ deliveries, doubts: new Map([['b', 1]]) }).failures.join()).toMatch(/delivered again/);
    expect(judged({ deliveries, doubts: new Map([['a', 1]]) })).toMatchObject({
      doubled: 1,
      explained: 1,
      failures: [],
    });
  });

  test('must have a late answer as its reason where nothing may run twice', () => {
    const doubts = new Map([['a', 1]]);

    expect(judged({ deliveries, doubts }, { nothingTwice: true }).failures).toHaveLength(1);
    expect(judged({ deliveries, doubts, lateAnswers: 1 }, { nothingTwice: true }).failures).toEqual([]);
  });
});

describe('a Redis that loses data', () => {
  const lostOne = { deliveries: new Map([['a', [1100]]]), callbacks: new Map([['a', callback()]]) };

  test('excuses the jobs that it got within the time, and no others', () => {
    const rules = { redisForgetsMs: 2000 };

    expect(judged({ ...lostOne, lossesAtMs: [9500] }, rules)).toMatchObject({
      lost: 0,
      lostByDefinition: 1,
      callbacksMissing: 0,
      failures: [],
    });
    expect(judged({ ...lostOne, lossesAtMs: [11_500] }, rules)).toMatchObject({
      lost: 1,
      lostByDefinition: 0,
    });
    expect(judged({ ...lostOne, lossesAtMs: [8500] }, rules)).toMatchObject({ lost: 1, lostByDefinition: 0 });
    expect(judged({ ...lostOne, lossesAtMs: [9500] })).toMatchObject({ lost: 1 });
  });

  test('excuses a second delivery of what it forgot', () => {
    const deliveries = new Map([
      ['a', [1100, 5000]],
      ['b', [12_500]],
    ]);

    expect(judged({ deliveries, lossesAtMs: [2000] }, { redisForgetsMs: 2000 }).failures).toEqual([]);
    expect(judged({ deliveries, lossesAtMs: [4000] }, { redisForgetsMs: 2000 }).failures).toHaveLength(1);
  });
});

test('codes of dead letters that the fault causes, and a 429 where that is no matter, do not fail a row', () => {
  const deadLetters = new Map([['a', 'JOB_CRASHED_WORKERS']]);

  expect(judged({ deadLetters }, { deadLetters: ['JOB_CRASHED_WORKERS'] }).failures).toEqual([]);
  expect(judged({ rateLimited: 1 }).failures).toEqual([]);
  expect(judged({ rateLimited: 1 }, { no429: true }).failures).toEqual(['1 requests got a 429']);
});
