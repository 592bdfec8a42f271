import { describe, expect, test } from 'vitest';
import type { BulkProgress } from '../../../src/queues/bulk.ts';
import type { DeadLetterGroup } from '../../../src/queues/dead-letters.ts';
import { closeText } from '../../../src/seal/job-values.ts';
import { keyFiles, payloadKeysOf } from '../../support/payload-keys.ts';
import { message, openSystem, type System } from '../../support/system.ts';
import { numbers } from './stored.ts';

const KIND = 'message-transmission';

/** Enqueues messages of one conversation each. @returns their ids in order. */
async function enqueueAll(system: System, count: number, tenantId = 'acme'): Promise<string[]> {
  const ids: string[] = [];
  const entries = numbers(0, count - 1).map((index) =>
    message({ tenantId, idempotencyKey: `k-${index}`, conversationId: `c-${index}` }),
  );
  await system.openProducer().enqueueMany(KIND, entries, {
    onEntry: (report) => {
      if (report.status === 'accepted') ids[report.index] = report.jobIds[0] ?? '';
    },
  });
  return ids;
}

/** Makes jobs dead letters, without a worker; the moment of the first is 1000 ms, of the next 1001 ms. */
async function failAll(system: System, ids: readonly string[], codes: readonly string[], tenantId = 'acme') {
  const queue = system.queues.of(KIND, tenantId);
  for (const [index, jobId] of ids.entries()) {
    const code = codes[index % codes.length] ?? '';
    const ref = { kind: KIND, tenantId, jobId, lane: `c-${index}`, urgent: false, isPart: false } as const;
    await system.flow.conclude(ref, 1, { entry: `failed {"code":"${code}"}`, onFailure: 'skip' });
    await system.client.zrem(queue.toKey('delayed'), jobId);
    await system.client.zadd(queue.toKey('failed'), 1000 + index, jobId);
    const reason = closeText(system.keys.seal, 'reason', { tenantId, jobId }, `${code}: no`);
    await system.client.hset(queue.toKey(jobId), { finishedOn: 1000 + index, failedReason: reason });
  }
}

const CODES = ['CONVERSATION_CLOSED', 'CONVERSATION_CLOSED', 'GENESYS_REFUSED'] as const;

describe('the groups of dead letters', () => {
  test('have the number of each code, the first and the last, of one tenant alone', async () => {
    const system = await openSystem({ tenants: ['acme', 'globex'] });
    await failAll(system, await enqueueAll(system, 9), CODES);
    await failAll(system, await enqueueAll(system, 3, 'globex'), ['NOT_FOUND'], 'globex');
    const [waiting = ''] = await enqueueAll(system, 10).then((ids) => ids.slice(9));

    const page = await system.jobs.deadLetters({ tenantId: 'acme' });

    expect(waiting).not.toBe('');
    expect(page).toEqual({
      groups: [
        { code: 'CONVERSATION_CLOSED', count: 6, oldestMs: 1000, newestMs: 1007 },
        { code: 'GENESYS_REFUSED', count: 3, oldestMs: 1002, newestMs: 1008 },
      ],
      seen: 9,
      cursor: null,
    });
    const cards = { tenantId: 'acme', kind: 'card-delivery', limit: 4 } as const;
    expect(await system.jobs.deadLetters(cards)).toEqual({ groups: [], seen: 4, cursor: expect.any(String) });
  });

  test('add up over pages', async () => {
    const system = await openSystem();
    await failAll(system, await enqueueAll(system, 230), CODES);

    const groups = new Map<DeadLetterGroup['code'], number>();
    let [cursor, pages]: [string | undefined, number] = [undefined, 0];
    do {
      const page = await system.jobs.deadLetters({ tenantId: 'acme', cursor, limit: 100 });
      for (const { code, count } of page.groups) groups.set(code, (groups.get(code) ?? 0) + count);
      cursor = page.cursor ?? undefined;
      pages++;
      expect(page.seen).toBeLessThanOrEqual(100);
    } while (cursor !== undefined);

    expect(pages).toBe(3);
    expect(Object.fromEntries(groups)).toEqual({ CONVERSATION_CLOSED: 154, GENESYS_REFUSED: 76 });
  });

  test('open sealed reasons, and group what cannot be read under no code', async () => {
    const system = await openSystem({
      environment: { PAYLOAD_KEYS: payloadKeysOf(await keyFiles('one'), 'one') },
    });
    const ids = await enqueueAll(system, 3);
    await failAll(system, ids, ['NOT_FOUND']);
    const queue = system.queues.of(KIND, 'acme');
    await system.client.hset(queue.toKey(ids[2] ?? ''), { failedReason: 'broken by another program' });

    const { groups } = await system.jobs.deadLetters({ tenantId: 'acme' });

    expect(groups.map(({ code, count }) => [code, count])).toEqual([
      ['NOT_FOUND', 2],
      [null, 1],
    ]);
  });
});

async function last(progress: AsyncIterable<BulkProgress>): Promise<BulkProgress | undefined> {
  let latest: BulkProgress | undefined;
  for await (const step of progress) latest = step;
  return latest;
}

describe('a filter by code', () => {
  test('lists, counts and sends again the dead letters of one group', async () => {
    const system = await openSystem();
    const ids = await enqueueAll(system, 9);
    await failAll(system, ids, CODES);
    const filter = { tenantId: 'acme', code: 'GENESYS_REFUSED' } as const;

    const { jobs } = await system.jobs.page({ ...filter, order: 'oldest' });
    expect(jobs.map(({ jobId }) => jobId)).toEqual([ids[2], ids[5], ids[8]]);
    expect(await last(system.jobs.retryAll(filter, { dryRun: true }))).toMatchObject({ matched: 3, done: 3 });
    expect(await last(system.jobs.retryAll(filter))).toMatchObject({ seen: 9, matched: 3, done: 3 });

    const { groups } = await system.jobs.deadLetters({ tenantId: 'acme' });
    expect(groups).toMatchObject([{ code: 'CONVERSATION_CLOSED', count: 6 }]);
  });

  test('sends cancelled jobs again, which no other filter does', async () => {
    const system = await openSystem();
    await failAll(system, await enqueueAll(system, 4), ['JOB_CANCELLED']);

    expect(await last(system.jobs.retryAll({ tenantId: 'acme' }))).toMatchObject({ done: 0 });
    const filter = { tenantId: 'acme', code: 'JOB_CANCELLED' } as const;
    expect(await last(system.jobs.retryAll(filter))).toMatchObject({ matched: 4, done: 4 });
  });

  test('cancels waiting jobs whose last attempt failed with it', async () => {
    const system = await openSystem();
    const ids = await enqueueAll(system, 6);
    const queue = system.queues.of(KIND, 'acme');
    for (const jobId of ids.slice(0, 2))
      await system.client.hset(queue.toKey(jobId), { failedReason: 'GENESYS_UNAVAILABLE: no' });

    const filter = { tenantId: 'acme', code: 'GENESYS_UNAVAILABLE' } as const;
    expect(await last(system.jobs.cancelAll(filter))).toMatchObject({ seen: 6, matched: 2, done: 2 });
    expect(await system.flow.countWaiting('acme')).toBe(4);
  });
});
