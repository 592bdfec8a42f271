import { describe, expect, test } from 'vitest';
import { CodedError } from '../../../src/core/errors.ts';
import { done } from '../../../src/core/outcome.ts';
import { endedJobOf, jobFactsOf, latencyMsOf, resultOf } from '../../../src/jobs/ended-job.ts';
import { CARD, deliveredOf, EMBED, ENDED_AT_MS, MESSAGE, rejectedOf } from './ended-jobs.ts';

describe('the end of a job', () => {
  test('names the job, its ids, its attempts and its times', () => {
    expect(deliveredOf({ ...MESSAGE, sequence: 7, mayBeRepetition: true }, { messageId: 'msg-1' })).toEqual({
      kind: 'message-transmission',
      name: 'message-transmission',
      noun: 'message',
      tenantId: 'acme',
      jobId: 'kabc',
      ids: { guestId: 'guest-abc-123', conversationId: 'conv-def-456' },
      callback: undefined,
      payloadBytes: JSON.stringify(MESSAGE.envelope.payload).length,
      outcome: { kind: 'done', result: { messageId: 'msg-1' } },
      ending: 'delivered',
      status: 'delivered',
      attempts: 2,
      acceptedAtMs: ENDED_AT_MS - 340,
      endedAtMs: ENDED_AT_MS,
      sequence: 7,
      mayBeRepetition: true,
    });
  });

  test('has the time from acceptance to the end as its latency', () => {
    expect(latencyMsOf(deliveredOf(MESSAGE))).toBe(340);
  });

  test('has no text of a message', () => {
    for (const sources of [MESSAGE, CARD]) {
      expect(JSON.stringify(deliveredOf(sources))).not.toContain('Hello Ana');
    }
  });

  test('has the id of the template, and the callback of the job', () => {
    const callback = { url: 'https://events.example', events: ['failed'] };
    const payload = { ...CARD.envelope.payload, callback };
    const ended = deliveredOf({ ...CARD, envelope: { tenantId: 'acme', payload } });
    expect(ended).toMatchObject({ ids: { templateId: 'order-v2' }, callback });
  });

  test('has the word of its kind, and no private field of the result', () => {
    const ended = deliveredOf(EMBED, { widgetId: 'w-1', scriptTag: '<script></script>' });
    expect(ended).toMatchObject({ ending: 'delivered', status: 'generated', noun: 'embed' });
    expect(resultOf(ended)).toEqual({ widgetId: 'w-1' });
  });

  test.for([
    ['JOB_EXPIRED', 'expired'],
    ['OUTCOME_UNKNOWN', 'held'],
    ['CONTENT_REFUSED', 'failed'],
    ['JOB_REMOVED', 'failed'],
  ] as const)('by %s is %s', ([code, ending]) => {
    const ended = rejectedOf(EMBED, new CodedError(code, 'why'));
    expect(ended).toMatchObject({ ending, status: ending });
    expect(resultOf(ended)).toEqual({});
  });

  test('has only ids that are texts', () => {
    const payload = { conversationId: 7, guestId: null, widgetId: ['w'], template: null, rolloutId: 'r-1' };
    const facts = jobFactsOf({ ...MESSAGE, envelope: { tenantId: 'acme', payload } });
    expect(facts.ids).toEqual({ rolloutId: 'r-1' });
  });

  test('has no tenant and no ids if its data cannot be read', () => {
    const ended = rejectedOf({ ...MESSAGE, envelope: undefined }, new CodedError('JOB_DAMAGED', 'why'));
    expect(ended).toMatchObject({ tenantId: undefined, ids: {}, jobId: 'kabc', ending: 'failed' });
  });

  test('has no size if its payload is nested too deep for JSON', () => {
    let deep: object = {};
    for (let depth = 0; depth < 100_000; depth++) deep = { deep };
    const envelope = { tenantId: 'acme', payload: { deep } };
    expect(endedJobOf({ ...MESSAGE, envelope }, done({}), ENDED_AT_MS).payloadBytes).toBeNull();
  });
});
