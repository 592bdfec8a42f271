import { describe, expect, test } from 'vitest';
import { type TimelineFacts, timelineOf } from '../../../src/queues/timeline.ts';

const at = (seconds: number) => new Date(seconds * 1000).toISOString();

const DELIVERED: TimelineFacts = {
  state: 'completed',
  acceptedAtMs: 10_000,
  sendAtMs: null,
  startedAtMs: 10_050,
  endedAtMs: 10_300,
  runs: 1,
  endCode: null,
  attempts: [{ number: 1, startedAt: at(10.05), endedAt: at(10.3), code: null, status: null }],
  notes: [],
  before: null,
  callbacks: [],
};

function eventsOf(facts: Partial<TimelineFacts>) {
  return timelineOf({ ...DELIVERED, ...facts });
}

function wordsOf(facts: Partial<TimelineFacts>) {
  return eventsOf(facts).map(({ event }) => event);
}

describe('the life of a job', () => {
  test('that is delivered at once has three events and no wait', () => {
    expect(eventsOf({})).toMatchObject([
      { at: at(10), event: 'accepted' },
      { at: at(10.05), event: 'sent', number: 1 },
      { at: at(10.3), event: 'delivered' },
    ]);
  });

  test('names the job before it, and then the wait for its turn', () => {
    const before = { sequence: 3, jobId: 'j3', endedAtMs: 12_000 };
    const attempts = [{ number: 1, startedAt: at(15), endedAt: at(16), code: null, status: null }];

    const events = eventsOf({ before, startedAtMs: 15_000, endedAtMs: 16_000, attempts });

    expect(events).toMatchObject([
      { event: 'accepted' },
      {
        at: at(10),
        event: 'waited',
        reason: 'order',
        until: at(12),
        behind: { sequence: 3, jobId: 'j3' },
        sentence: expect.stringContaining('number 3 of its conversation (job j3)'),
      },
      { at: at(12), event: 'waited', reason: 'turn', until: at(15) },
      { event: 'sent' },
      { event: 'delivered' },
    ]);
  });

  test('names the wait for its sendAt, and the wait for its turn behind it', () => {
    const before = { sequence: 3, jobId: 'j3', endedAtMs: 12_000 };
    const attempts = [{ number: 1, startedAt: at(15), endedAt: at(16), code: null, status: null }];
    const run = { startedAtMs: 15_000, endedAtMs: 16_000, attempts };
    const waitsOf = (facts: Partial<TimelineFacts>) =>
      eventsOf({ ...run, ...facts }).filter(({ event }) => event === 'waited');

    expect(waitsOf({ before, sendAtMs: 14_000 })).toMatchObject([
      { at: at(10), reason: 'order', until: at(12) },
      { at: at(12), reason: 'scheduled', until: at(14), sentence: `It waited for its sendAt, ${at(14)}.` },
      { at: at(14), reason: 'turn', until: at(15) },
    ]);
    expect(waitsOf({ before, sendAtMs: 11_000 })).toMatchObject([{ reason: 'order' }, { reason: 'turn' }]);
    expect(waitsOf({ sendAtMs: 15_000 })).toMatchObject([{ reason: 'scheduled', until: at(15) }]);
  });

  test.for([
    ['deferred', 'quiet hours'],
    ['moving', 'another partition'],
    ['by-hand', 'was paused (by-hand)'],
  ] as const)('says why a worker put the job off: %s', ([about, words]) => {
    const note = {
      word: 'wait',
      about,
      status: null,
      times: 1,
      firstMs: 10_020,
      lastMs: 10_020,
      untilMs: null,
    } as const;
    expect(eventsOf({ notes: [note] })[1]).toMatchObject({
      event: 'put-off',
      sentence: expect.stringContaining(words),
    });
  });

  test('shows failed attempts with code and status, and what counted as no attempt', () => {
    const events = eventsOf({
      runs: 9,
      startedAtMs: 20_000,
      endedAtMs: 20_500,
      attempts: [
        { number: 1, startedAt: at(10.01), endedAt: at(10.2), code: 'GENESYS_UNAVAILABLE', status: 503 },
        { number: 2, startedAt: at(20), endedAt: at(20.5), code: null, status: null },
      ],
      notes: [
        {
          word: 'again',
          about: 'RATE_LIMITED',
          status: 429,
          times: 3,
          firstMs: 12_000,
          lastMs: 14_000,
          untilMs: 19_000,
        },
      ],
    });

    expect(events).toMatchObject([
      { event: 'accepted' },
      { at: at(10.2), event: 'attempt-failed', number: 1, code: 'GENESYS_UNAVAILABLE', status: 503 },
      {
        at: at(12),
        event: 'postponed',
        code: 'RATE_LIMITED',
        status: 429,
        times: 3,
        lastAt: at(14),
        until: at(19),
        sentence: expect.stringMatching(/429 \(RATE_LIMITED\).*3 times/),
      },
      { at: at(20), event: 'sent', number: 2 },
      { event: 'delivered' },
    ]);
  });

  test.for([
    ['JOB_CANCELLED', ['accepted', 'cancelled']],
    ['JOB_EXPIRED', ['accepted', 'expired']],
    ['OUTCOME_UNKNOWN', ['accepted', 'attempt-failed', 'held']],
    ['CONVERSATION_CLOSED', ['accepted', 'attempt-failed', 'failed']],
  ] as const)('of a dead letter ends as its code says: %s', ([code, words]) => {
    const attempts = [{ number: 1, startedAt: at(10.05), endedAt: at(10.3), code, status: null }];

    expect(wordsOf({ state: 'failed', endCode: code, attempts })).toEqual(words);
  });

  test('goes on behind a dead letter that an operator sent again, and with its callbacks', () => {
    const words = wordsOf({
      runs: 2,
      startedAtMs: 20_000,
      endedAtMs: 20_500,
      attempts: [
        { number: 1, startedAt: at(10.01), endedAt: at(10.2), code: 'CONVERSATION_CLOSED', status: 403 },
        { number: 2, startedAt: at(20), endedAt: at(20.5), code: null, status: null },
      ],
      notes: [
        {
          word: 'redriven',
          about: '',
          status: null,
          times: 1,
          firstMs: 19_000,
          lastMs: 19_000,
          untilMs: null,
        },
      ],
      callbacks: [
        {
          id: 'wh-j-delivered',
          attempts: [
            { at: at(20.6), outcome: 'refused', latencyMs: 1, status: 500 },
            { at: at(21), outcome: 'replayed' },
            { at: at(22), outcome: 'delivered', latencyMs: 1, status: 204 },
          ],
        },
      ],
    });

    expect(words).toEqual([
      'accepted',
      'attempt-failed',
      'redriven',
      'sent',
      'delivered',
      'callback-failed',
      'callback-replayed',
      'callback-taken',
    ]);
  });

  test('of a job at work ends with its run', () => {
    expect(wordsOf({ state: 'active', attempts: [], endedAtMs: null })).toEqual(['accepted', 'running']);
  });
});
