import { Job, raw2NextJobData } from 'bullmq';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { damageOf, mend } from '../../../src/queues/damage.ts';

const NOW = 1_700_000_000_000;
const SOUND = {
  name: 'message-transmission',
  data: '{"tenantId":"acme","payload":{}}',
  opts: '{"attempts":3,"backoff":{"type":"custom"},"kl":20,"stackTraceLimit":3}',
  timestamp: '1700000000000',
  delay: '86400000',
  priority: '0',
  processedOn: '1700000000001',
  ats: '1',
};

/** Any hash, with fields of BullMQ that are sound, nearly sound or wrong. */
const hash = fc.dictionary(
  fc.constantFrom(
    ...Object.keys(SOUND),
    'atm',
    'stc',
    'progress',
    'parent',
    'parentKey',
    'rjk',
    'finishedOn',
  ),
  fc.oneof(fc.string(), fc.json(), fc.nat().map(String), fc.constantFrom(...Object.values(SOUND))),
);

describe('the hash of a job', () => {
  test('is sound as BullMQ writes it', () => {
    expect(damageOf(SOUND, 'message-transmission', NOW)).toBeUndefined();
    const child = { ...SOUND, parentKey: 'gwm:{0}:q:id', parent: '{"id":"id","queueKey":"gwm:{0}:q"}' };
    expect(damageOf(child, 'message-transmission', NOW)).toBeUndefined();
  });

  test('is readable after one repair, for any damage', () => {
    fc.assert(
      fc.property(hash, (raw) => {
        const damage = damageOf(raw, 'message-transmission', NOW);
        const mended = damage ? mend(raw, damage) : raw;
        const [json] = raw2NextJobData([Object.entries(mended).flat(), 'j1', 0, 0]);
        const job = Job.fromJSON({ toKey: String, keys: {}, opts: {} } as never, json, 'j1');

        expect(new Date(job.timestamp).toISOString()).toBeTypeOf('string');
        expect(job.attemptsMade + job.attemptsStarted + job.stalledCounter).not.toBeNaN();
        expect(damageOf(mended, 'message-transmission', NOW)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  test.for([
    ['gwm:calls', 'x'],
    ['gwm:calls', '-1'],
    ['gwm:calls', '1e300'],
    ['gwm:calling', 'x'],
    ['gwm:calling', '1 nan'],
    ['gwm:calling', `1 ${NOW + 10 * 3_600_000}`],
    ['gwm:delivered', '{"outcome":'],
    ['gwm:delivered', 'null'],
    ['gwm:delivered', '{}'],
  ] as const)('is damaged if a field of flow control is unreadable: %s is %s', ([name, value]) => {
    expect(damageOf({ ...SOUND, [name]: value }, 'webhook-delivery', NOW)?.fields).toEqual([name]);
  });

  test('is sound with sound fields of flow control', () => {
    const raw = {
      ...SOUND,
      'gwm:calls': '2',
      'gwm:calling': `3 ${NOW + 17_000}`,
      'gwm:delivered': '{"outcome":"delivered","latencyMs":3}',
    };
    expect(damageOf(raw, 'webhook-delivery', NOW)).toBeUndefined();
  });

  test('has a repair that names the damaged fields only', () => {
    const raw = { ...SOUND, timestamp: 'yesterday', opts: '[]' };

    expect(damageOf(raw, 'message-transmission', NOW)?.fields.toSorted()).toEqual(['opts', 'timestamp']);
  });

  test('of a child without options still names its parent', () => {
    const raw = { ...SOUND, opts: 'x', parent: 'x', parentKey: 'gwm:{0}:config-rollout:p1' };

    expect(damageOf(raw, 'message-transmission', NOW)?.mended).toEqual({
      opts: JSON.stringify({ attempts: 1, stackTraceLimit: 3, idof: true }),
      parent: JSON.stringify({ id: 'p1', queueKey: 'gwm:{0}:config-rollout' }),
    });
  });
});
