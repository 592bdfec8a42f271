import { describe, expect, test } from 'vitest';
import type { JobListRequest } from '../../../src/queues/job-list.ts';
import { endpointIdOf } from '../../../src/webhooks/endpoint-id.ts';
import { card, message, openSystem, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { numbers } from './stored.ts';

const KIND = 'message-transmission';

/** The ids of all pages, in order. */
async function allIds(system: System, request: Partial<JobListRequest> = {}, meanwhile = async () => {}) {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await system.jobs.page({ tenantId: 'acme', ...request, cursor });
    ids.push(...page.jobs.map(({ jobId }) => jobId));
    cursor = page.cursor ?? undefined;
    await meanwhile();
  } while (cursor !== undefined);
  return ids;
}

/** Enqueues messages, ten to a conversation. @returns their ids in order. */
async function enqueueAll(system: System, count: number, prefix = 'k'): Promise<string[]> {
  const ids: string[] = [];
  const entries = numbers(0, count - 1).map((index) =>
    message({ idempotencyKey: `${prefix}-${index}`, conversationId: `c-${Math.floor(index / 10)}` }),
  );
  await system.openProducer().enqueueMany(KIND, entries, {
    onEntry: (report) => {
      if (report.status === 'accepted') ids[report.index] = report.jobIds[0] ?? '';
    },
  });
  return ids;
}

const refOf = (jobId: string, lane: string) =>
  ({ kind: KIND, tenantId: 'acme', jobId, lane, urgent: false, isPart: false }) as const;

describe('the pages of the index', () => {
  test('have every job once, in the order of acceptance, also while others are accepted and end', async () => {
    const system = await openSystem();
    const ids = await enqueueAll(system, 700);
    let round = 0;
    const meanwhile = async () => {
      await enqueueAll(system, 40, `more-${++round}`);
      const index = 10 * round;
      await system.flow.release(refOf(ids[index] ?? '', `c-${index / 10}`), 'cancelled {}');
    };

    expect(await allIds(system, { limit: 60 }, meanwhile)).toEqual(ids.toReversed());

    const oldest = await allIds(system, { limit: 100, order: 'oldest' }, meanwhile);
    expect(oldest.slice(0, 700)).toEqual(ids);
    expect(new Set(oldest).size).toBe(oldest.length);
  });

  test('of a conversation have its jobs only', async () => {
    const system = await openSystem();
    const ids = await enqueueAll(system, 100);
    expect(await allIds(system, { lane: 'c-3', limit: 4 })).toEqual(ids.slice(30, 40).toReversed());
    expect(await allIds(system, { lane: 'c-99' })).toEqual([]);
  });

  test('filter by kind, state and time, and by tenant', async () => {
    const system = await openSystem({ tenants: ['acme', 'globex'] });
    const producer = system.openProducer();
    const [first = ''] = await enqueueAll(system, 20);
    const { jobIds } = await producer.enqueue('card-delivery', card());
    const { jobIds: others } = await producer.enqueue(KIND, message({ tenantId: 'globex' }));

    expect(await allIds(system, { kind: 'card-delivery' })).toEqual(jobIds);
    expect(await allIds(system, { tenantId: 'globex' })).toEqual(others);
    // The head of each conversation was woken.
    expect(await allIds(system, { state: 'waiting' })).toContain(first);
    expect(await allIds(system, { state: 'waiting', kind: KIND })).not.toContain(jobIds[0]);
    expect(await allIds(system, { state: 'failed' })).toEqual([]);
    const views = await system.jobs.page({ tenantId: 'acme' });
    const middle = new Date((views.jobs[10]?.acceptedAt ?? '') as string);
    const [before, after] = [await allIds(system, { to: middle }), await allIds(system, { from: middle })];
    expect(new Set([...before, ...after]).size).toBe(21);
    expect(await allIds(system, { from: new Date(Date.now() + 3_600_000) })).toEqual([]);
    expect(await allIds(system, { to: new Date(0) })).toEqual([]);
  });

  test('have jobs with the same moment once', async () => {
    const system = await openSystem();
    await enqueueAll(system, 30);
    const key = `${system.keys.own('acme')}jobs:acme`;
    for (const job of await system.client.zrange(key, '0', '-1')) await system.client.zadd(key, 1000, job);
    for (const order of ['newest', 'oldest'] as const) {
      const ids = await allIds(system, { limit: 7, order });
      expect(new Set(ids).size).toBe(30);
      expect(ids).toHaveLength(30);
    }
  });

  test('refuse a cursor that no page gave', async () => {
    const system = await openSystem();
    await expect(system.jobs.page({ tenantId: 'acme', cursor: 'abc' })).rejects.toThrow(/cursor/);
  });
});

describe('the index of a tenant', () => {
  test('counts the jobs that have not ended, and counts an end once', async () => {
    const system = await openSystem();
    const ids = await enqueueAll(system, 30);
    const ref = refOf(ids[0] ?? '', 'c-0');
    expect(await system.flow.countWaiting('acme')).toBe(30);

    await system.flow.admit(ref, { number: 1, onUnknownOutcome: 'resend' });
    for (let time = 0; time < 3; time++) {
      await system.flow.conclude(ref, 1, { entry: 'sent {}', onFailure: 'skip' });
      expect(await system.flow.countWaiting('acme')).toBe(29);
    }
    expect(await allIds(system)).toHaveLength(30);
  });

  test('loses jobs that BullMQ no longer has, a bounded number per call', async () => {
    const system = await openSystem();
    const ids = await enqueueAll(system, 30);
    for (const id of ids.slice(0, 12)) await system.queues.of(KIND, 'acme').remove(id);

    expect(await system.flow.tidyIndex(0)).toBe(12);

    expect(await system.flow.countWaiting('acme')).toBe(18);
    expect(await allIds(system, { order: 'oldest' })).toEqual(ids.slice(12));
    for (const id of ids.slice(12)) await system.queues.of(KIND, 'acme').remove(id);
    expect(await system.flow.tidyIndex(0)).toBe(18);
    expect(await system.client.hkeys(`${system.keys.ownOf(0)}indexed`)).toEqual([]);
  });

  test('loses such jobs also when it is one of many', async () => {
    // More than one call looks at, and few enough that Redis keeps them in one small hash.
    const tenants = Array.from({ length: 100 }, (_, index) => `tenant-${index}`);
    const system = await openSystem({ tenants });
    const producer = system.openProducer();
    // Each index keeps a job, so that its tenant keeps its place among the others.
    for (const tenantId of tenants) {
      await producer.enqueue(KIND, message({ tenantId, conversationId: 'stays' }));
      const { jobIds } = await producer.enqueue(KIND, message({ tenantId, conversationId: 'goes' }));
      await system.queues.of(KIND, tenantId).remove(jobIds[0] ?? '');
    }

    let removed = 0;
    const allRemoved = async () => {
      removed += await system.flow.tidyIndex(0);
      return removed === tenants.length;
    };
    await waitFor(allRemoved, { what: 'the turn of each tenant' });
  });

  test('may lack a job that an older version accepted: the job goes on to its end', async () => {
    const system = await openSystem();
    const [id = ''] = await enqueueAll(system, 1);
    await system.client.del(`${system.keys.own('acme')}jobs:acme`);
    const ref = refOf(id, 'c-0');
    await system.flow.admit(ref, { number: 1, onUnknownOutcome: 'resend' });
    await system.flow.conclude(ref, 1, { entry: 'sent {}', onFailure: 'skip' });

    expect(await system.flow.countWaiting('acme')).toBe(0);
    expect(await allIds(system)).toEqual([]);
    expect(await system.jobs.find(id)).toMatchObject({ jobId: id, kind: KIND });
  });

  test('of a long conversation loses old jobs that BullMQ no longer has', async () => {
    const system = await openSystem();
    const producer = system.openProducer();
    const send = (prefix: string, count: number) =>
      producer.enqueueMany(
        KIND,
        numbers(1, count).map((index) => message({ idempotencyKey: `${prefix}${index}` })),
      );
    const ids = new Set<string>();
    await send('a', 200);
    for (const id of await allIds(system, { limit: 1000 })) ids.add(id);
    for (const id of ids) {
      await system.flow.release(refOf(id, message().conversationId), 'cancelled {}');
      await system.queues.of(KIND, 'acme').remove(id);
    }
    await send('b', 400);
    const key = `${system.keys.own('acme')}lane:acme:${message().conversationId}`;
    // Each 64th job has the next 128 old ones looked at.
    expect(await system.client.zcard(key)).toBeLessThan(450);
  });
});

test('a job is found without its kind, with its attempts', async () => {
  const system = await openSystem();
  const { jobIds } = await system.openProducer().enqueue('card-delivery', card());
  const found = await system.jobs.find(jobIds[0] ?? '');
  expect(found).toMatchObject({ jobId: jobIds[0], kind: 'card-delivery', attempts: [], nextAttemptAt: null });
  expect(await system.jobs.find('meta')).toBeUndefined();
  expect(await system.jobs.find('jnothing')).toBeUndefined();
  expect(await system.jobs.why('jnothing')).toBeUndefined();
});

describe('a callback', () => {
  const HOURS_MS = 3_600_000;
  const url = 'https://hooks.example/';

  /** A callback that BullMQ delays. */
  async function delayed(system: System): Promise<string> {
    const data = { tenantId: 'acme', payload: { url } };
    const queue = system.queues.of('webhook-delivery', 'acme');
    const { id = '' } = await queue.add('webhook-delivery', data, {
      jobId: 'wh-j1-delivered',
      delay: 30 * HOURS_MS,
    });
    return id;
  }

  test('shows its next attempt, however long the schedule of its attempts is', async () => {
    const system = await openSystem();
    const earliestMs = Date.now() + 29 * HOURS_MS;

    const found = await system.jobs.find(await delayed(system));

    expect(found?.waiting.reason).toBe('retry');
    expect(Date.parse(found?.nextAttemptAt ?? '')).toBeGreaterThan(earliestMs);
  });

  test('shows no next attempt while it waits for a permit of its endpoint', async () => {
    const system = await openSystem();
    const jobId = await delayed(system);
    await system.client.zadd(system.keys.endpointWaiting('acme', endpointIdOf('acme', url)), 1, jobId);

    expect(await system.jobs.find(jobId)).toMatchObject({
      nextAttemptAt: null,
      waiting: { reason: 'endpoint-busy', sentence: 'It waits for a permit of its endpoint.' },
    });
  });

  test('shows that its endpoint is paused, and until when', async () => {
    const system = await openSystem();
    const jobId = await delayed(system);
    const pausedUntil = new Date(Date.now() + 40 * HOURS_MS).toISOString();
    const endpoint = system.keys.endpoint('acme', endpointIdOf('acme', url));
    await system.client.hset(endpoint, { url, paused_until: Date.parse(pausedUntil) });

    expect(await system.jobs.find(jobId)).toMatchObject({
      nextAttemptAt: pausedUntil,
      waiting: {
        reason: 'endpoint-paused',
        until: pausedUntil,
        sentence: expect.stringContaining(pausedUntil),
      },
    });
  });
});
