import { describe, expect, test } from 'vitest';
import { type DemoResult, describeResult, isComplete, jsonOf } from '../../../../src/cli/demo/result.ts';
import { createStats } from '../../../../src/sandbox/observe/stats.ts';

const GOOD: DemoResult = {
  enqueued: {
    jobs: new Map([
      ['message-transmission', 3],
      ['card-delivery', 1],
    ]),
    total: 4,
    rejected: 0,
    ingest: { library: 1, http: 1, cloudEvents: 1, replayed: 1 },
  },
  queues: new Map([
    ['message-transmission', row(3)],
    ['card-delivery', row(1)],
    ['webhook-delivery', row(4)],
  ]),
  callbacks: { verified: 4, failed: 0, duplicates: 0 },
  sandbox: { ...createStats([], [], []).snapshot(), accepted: 4 },
  dialects: { guest: 3, platform: 1 },
  audit: { ownRecords: 4, syncedRecords: 1, verified: true },
  deadWorkers: 0,
  seconds: 1.5,
};

function row(enqueued: number, failed = 0) {
  return { enqueued, delivered: enqueued - failed, failed, rateLimited: 0, latenciesMs: [] };
}

function withReplayed(replayed: number) {
  return { ...GOOD.enqueued, ingest: { ...GOOD.enqueued.ingest, replayed } };
}

const TWICE_AT_SANDBOX = { sandbox: { ...GOOD.sandbox, accepted: 5, duplicates: 1 } };
const TWICE_AT_RECEIVER = { callbacks: { ...GOOD.callbacks, duplicates: 1 } };

describe('the result of a demo is complete', () => {
  test('if every job was delivered and reported', () => {
    expect(isComplete(GOOD)).toBe(true);
  });

  test('if a worker died and messages arrived twice', () => {
    expect(isComplete({ ...GOOD, ...TWICE_AT_SANDBOX, deadWorkers: 1 })).toBe(true);
    expect(isComplete({ ...GOOD, ...TWICE_AT_RECEIVER, deadWorkers: 1 })).toBe(true);
  });
});

describe('the result of a demo is incomplete', () => {
  test.each<[string, Partial<DemoResult>]>([
    ['a line was rejected', { enqueued: { ...GOOD.enqueued, rejected: 1 } }],
    ['a line that came again was not replayed', { enqueued: withReplayed(0) }],
    ['a card failed', { queues: new Map([...GOOD.queues, ['card-delivery', row(1, 1)]]) }],
    ['a callback was not delivered', { queues: new Map([...GOOD.queues, ['webhook-delivery', row(4, 1)]]) }],
    ['a job was not reported', { callbacks: { ...GOOD.callbacks, verified: 3 } }],
    ['a signature was wrong', { callbacks: { ...GOOD.callbacks, failed: 1 }, deadWorkers: 1 }],
    ['a message came twice', TWICE_AT_SANDBOX],
    ['a callback came twice', TWICE_AT_RECEIVER],
    ['a chain of audit records is broken', { audit: { ...GOOD.audit, verified: false } }],
    ['an audit record is missing', { audit: { ...GOOD.audit, ownRecords: 3 } }],
    ['no record was synced', { audit: { ...GOOD.audit, syncedRecords: 0 } }],
    ['a message was out of order', { sandbox: { ...GOOD.sandbox, outOfOrder: 1 }, deadWorkers: 1 }],
  ])('if %s', (_, change) => {
    expect(isComplete({ ...GOOD, ...change })).toBe(false);
  });
});

test('the JSON has a row per queue, the ways of the messages, and the counts of sandbox, receiver and audit store', () => {
  expect(jsonOf(GOOD)).toEqual({
    queues: {
      'message-transmission': { enqueued: 3, delivered: 3, failed: 0 },
      'card-delivery': { enqueued: 1, delivered: 1, failed: 0 },
      'webhook-delivery': { enqueued: 4, delivered: 4, failed: 0 },
    },
    ingest: { library: 1, http: 1, cloudEvents: 1, replayed: 1 },
    callbacks: GOOD.callbacks,
    sandbox: GOOD.sandbox,
    dialects: { guest: 3, platform: 1 },
    audit: GOOD.audit,
    seconds: 1.5,
  });
});

test('the text has a sentence about the ways of the messages, the sandbox, the receiver and the audit store', () => {
  const text = describeResult(GOOD);
  expect(text.split('\n').slice(-6)).toEqual([
    'The library handed over 1 messages, HTTP 1, CloudEvents 1; the API replayed 1 that came again.',
    'The sandbox accepted 4 messages, cards and changes, 0 of them twice, 0 out of order.',
    '3 of them came in the dialect guest, 1 in the dialect platform.',
    'The receiver verified 4 callbacks, 0 failed, 0 came twice.',
    'The audit store has 4 records of our own and 1 of the sandbox; its chains of hashes are whole.',
    'It took 1.5 s.',
  ]);
});

test('the text says why messages arrived twice after a worker died', () => {
  const why = 'A worker died while it sent the repeated ones; another one sent them again.';
  expect(describeResult({ ...GOOD, ...TWICE_AT_RECEIVER, deadWorkers: 1 })).toContain(why);
  expect(describeResult({ ...GOOD, ...TWICE_AT_RECEIVER })).not.toContain(why);
  expect(describeResult({ ...GOOD, deadWorkers: 1 })).not.toContain(why);
});
