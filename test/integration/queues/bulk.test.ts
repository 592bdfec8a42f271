import { expect, test } from 'vitest';
import type { BulkProgress } from '../../../src/queues/bulk.ts';
import { withScripts } from '../../../src/redis/script.ts';
import { waitingIn } from '../../support/flow/lanes.ts';
import { message, openSystem, type System } from '../../support/system.ts';
import { numbers } from './stored.ts';

const KIND = 'message-transmission';

async function last(progress: AsyncIterable<BulkProgress>): Promise<BulkProgress | undefined> {
  let latest: BulkProgress | undefined;
  for await (const step of progress) latest = step;
  return latest;
}

/** Enqueues messages of two conversations in turn. @returns their ids in order. */
async function enqueueAll(system: System, count: number): Promise<string[]> {
  const ids: string[] = [];
  const entries = numbers(0, count - 1).map((index) =>
    message({ idempotencyKey: `k-${index}`, conversationId: `c-${index % 2}` }),
  );
  await system.openProducer().enqueueMany(KIND, entries, {
    onEntry: (report) => {
      if (report.status === 'accepted') ids[report.index] = report.jobIds[0] ?? '';
    },
  });
  return ids;
}

/** Makes jobs dead letters, without a worker. */
async function failAll(system: System, ids: readonly string[]): Promise<void> {
  const queue = system.queues.of(KIND, 'acme');
  for (const [index, jobId] of ids.entries()) {
    const lane = `c-${index % 2}`;
    const ref = { kind: KIND, tenantId: 'acme', jobId, lane, urgent: false, isPart: false } as const;
    await system.flow.conclude(ref, 1, { entry: 'failed {"code":"GENESYS_REFUSED"}', onFailure: 'skip' });
    await system.client.zrem(queue.toKey('delayed'), jobId);
    await system.client.lrem(queue.toKey('wait'), 1, jobId);
    await system.client.zadd(queue.toKey('failed'), index, jobId);
    await system.client.hset(queue.toKey(jobId), { finishedOn: 1, failedReason: 'GENESYS_REFUSED: no' });
  }
}

test('a bulk redrive sends dead letters again in their order, and a dry run counts them', async () => {
  const system = await openSystem();
  const ids = await enqueueAll(system, 1200);
  await failAll(system, ids);
  const filter = { tenantId: 'acme' };

  expect(await last(system.jobs.retryAll(filter, { dryRun: true }))).toEqual({
    seen: 1200,
    matched: 1200,
    done: 1200,
  });
  expect(await system.queues.of(KIND, 'acme').getFailedCount()).toBe(1200);

  expect(await last(system.jobs.retryAll(filter))).toEqual({ seen: 1200, matched: 1200, done: 1200 });

  expect(await system.queues.of(KIND, 'acme').getFailedCount()).toBe(0);
  expect(await system.queues.of(KIND, 'acme').getWaitingCount()).toBe(1200);
  expect(await system.flow.countWaiting('acme')).toBe(1200);
  for (const parity of [0, 1]) {
    const lane = await waitingIn(system.client, `${system.keys.own('acme')}lane:acme:c-${parity}`);
    const expected = ids.filter((_, index) => index % 2 === parity).map((id) => `m-${id}`);
    expect(lane).toEqual(expected);
  }
  expect(await last(system.jobs.retryAll(filter))).toMatchObject({ done: 0 });
});

test('a bulk redrive of a conversation comes once to jobs that go to its end', async () => {
  const system = await openSystem();
  const ids = await enqueueAll(system, 1200);
  await failAll(system, ids);

  const result = await last(system.jobs.retryAll({ tenantId: 'acme', lane: 'c-1' }));

  expect(result).toEqual({ seen: 600, matched: 600, done: 600 });
  const lane = await waitingIn(system.client, `${system.keys.own('acme')}lane:acme:c-1`);
  expect(lane).toEqual(ids.filter((_, index) => index % 2 === 1).map((id) => `m-${id}`));
});

test('a bulk redrive leaves out what the filter leaves out, and what was delivered', async () => {
  const system = await openSystem();
  const ids = await enqueueAll(system, 20);
  await failAll(system, ids);
  await system.client.set(`${system.keys.own('acme')}ledger:m${ids[0]}`, 'sent {}');

  expect(await last(system.jobs.retryAll({ tenantId: 'acme', lane: 'c-0' }, { dryRun: true }))).toEqual({
    seen: 10,
    matched: 10,
    done: 9,
  });
  expect(await last(system.jobs.retryAll({ tenantId: 'acme', lane: 'c-0' }))).toMatchObject({
    matched: 10,
    done: 9,
  });
  expect(await last(system.jobs.retryAll({ tenantId: 'acme', kind: 'card-delivery' }))).toMatchObject({
    done: 0,
  });
  expect(await system.queues.of(KIND, 'acme').getFailedCount()).toBe(10);
});

test('a bulk cancel ends waiting jobs of a conversation, and lets others go on', async () => {
  const system = await openSystem();
  const ids = await enqueueAll(system, 1100);
  const filter = { tenantId: 'acme', lane: 'c-1' };

  expect(await last(system.jobs.cancelAll(filter, { dryRun: true }))).toMatchObject({
    matched: 550,
    done: 550,
  });
  expect(await system.flow.countWaiting('acme')).toBe(1100);

  expect(await last(system.jobs.cancelAll(filter))).toMatchObject({ matched: 550, done: 550 });

  expect(await system.flow.countWaiting('acme')).toBe(550);
  const left = await waitingIn(system.client, `${system.keys.own('acme')}lane:acme:c-0`);
  expect(left).toEqual(ids.filter((_, index) => index % 2 === 0).map((id) => `m-${id}`));
  expect(await waitingIn(system.client, `${system.keys.own('acme')}lane:acme:c-1`)).toEqual([]);
});

test('a bulk redrive leaves out cancelled jobs, which go again by their id only', async () => {
  const system = await openSystem();
  const ids = await enqueueAll(system, 4);
  await failAll(system, ids);
  const [cancelled = ''] = ids;
  const { queues, client, jobs } = system;
  await client.hset(queues.of(KIND, 'acme').toKey(cancelled), { failedReason: 'JOB_CANCELLED: cancelled' });

  for (const dryRun of [true, false]) {
    expect(await last(jobs.retryAll({ tenantId: 'acme' }, { dryRun }))).toMatchObject({
      matched: 3,
      done: 3,
    });
  }
  expect(await queues.of(KIND, 'acme').getJobState(cancelled)).toBe('failed');
  expect(await jobs.retry(KIND, cancelled)).toBe('retried');
});

test.for(['completed', 'failed', 'active'] as const)(
  'a dry run of a bulk cancel of jobs that are %s counts as many as the cancel ends: none',
  async (state) => {
    const system = await openSystem();
    const ids = await enqueueAll(system, 4);
    const { queues, client, jobs, keys } = system;
    const queue = queues.of(KIND, 'acme');
    if (state === 'active') {
      for (const jobId of ids) {
        await client.set(`${keys.own('acme')}ledger:m${jobId}`, 'running 1 1');
        await client.zrem(queue.toKey('delayed'), jobId);
        await client.lrem(queue.toKey('wait'), 1, jobId);
        await client.lpush(queue.toKey('active'), jobId);
      }
    } else {
      await failAll(system, ids);
      await client.rename(queue.toKey('failed'), queue.toKey(state));
    }

    const dry = await last(jobs.cancelAll({ tenantId: 'acme', state }, { dryRun: true }));
    const wet = await last(jobs.cancelAll({ tenantId: 'acme', state }));

    expect(dry).toEqual({ seen: 4, matched: 4, done: 0 });
    expect(wet).toEqual(dry);
  },
);

test('one of many retries at the same time sends a dead letter again', async () => {
  const system = await openSystem();
  const ids = await enqueueAll(system, 1);
  await failAll(system, ids);
  const retries = Array.from({ length: 12 }, () => system.jobs.retry(KIND, ids[0] ?? ''));

  const outcomes = await Promise.all(retries);

  expect(outcomes.filter((outcome) => outcome === 'retried')).toHaveLength(1);
  expect(new Set(outcomes)).toEqual(new Set(['retried', 'not-failed']));
  expect(await system.queues.of(KIND, 'acme').getWaitingCount()).toBe(1);
});

test('a retry that comes late leaves the request of the first one alone', async () => {
  const system = await openSystem();
  const ids = await enqueueAll(system, 1);
  await failAll(system, ids);
  const { client, flow, keys, queues } = system;
  const ref = {
    kind: KIND,
    tenantId: 'acme',
    jobId: ids[0] ?? '',
    lane: 'c-0',
    urgent: false,
    isPart: false,
  } as const;
  await client.hdel(queues.of(KIND, 'acme').toKey(ref.jobId), 'finishedOn');
  await client.set(`${keys.own('acme')}ledger:m${ref.jobId}`, 'running 1 1');

  const transaction = client.multi();
  flow.queueRedrive(transaction, [ref]);

  expect(await withScripts(client, () => transaction.exec())).toEqual([[null, [-1]]]);
  expect(await client.get(`${keys.own('acme')}ledger:m${ref.jobId}`)).toBe('running 1 1');
});

test('a bulk cancel wakes each job for a worker, which ends it, with few commands of Redis', async () => {
  const system = await openSystem();
  await enqueueAll(system, 300);
  const queue = system.queues.of(KIND, 'acme');
  const counts = { scripts: 0, jobsRead: 0 };
  const send = system.client.sendCommand.bind(system.client);
  system.client.sendCommand = (command, ...more) => {
    if (command.name === 'evalsha') counts.scripts++;
    if (command.name === 'hgetall' && String(command.args[0]).startsWith(queue.toKey(''))) counts.jobsRead++;
    return send(command, ...more);
  };

  expect(await last(system.jobs.cancelAll({ tenantId: 'acme' }))).toMatchObject({ done: 300 });

  expect(await queue.getWaitingCount()).toBe(300);
  expect(await queue.getDelayedCount()).toBe(0);
  // The jobs are read one by one. Scripts cancel and wake a hundred at once.
  expect(counts.jobsRead).toBe(300);
  expect(counts.scripts).toBeLessThan(20);
});
