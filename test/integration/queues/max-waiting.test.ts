import { expect, test } from 'vitest';
import { BacklogFullError, RedisFullError } from '../../../src/core/errors.ts';
import type { EntryReport } from '../../../src/queues/submit.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { message, openSystem, type System, text } from '../../support/system.ts';
import { numbers, sequencesOf, waitingJobs } from './stored.ts';

const KIND = 'message-transmission';
const LIMIT = { capacity: 100, ratePerSecond: 100 };

async function openBounded(maxWaiting: number): Promise<System> {
  const system = await openSystem({ tenants: ['acme', 'globex'] });
  const bucket = { tenantId: 'acme', bucketClass: 'messages' } as const;
  await system.flow.configure(bucket, LIMIT, { maxWaiting });
  return system;
}

function messages(count: number, prefix = 'k') {
  return Array.from({ length: count }, (_, index) => message({ idempotencyKey: `${prefix}-${index}` }));
}

/** Keys of hashes that stand in the place of refused jobs. */
async function leftovers({ client, keys }: System): Promise<string[]> {
  const prefix = keys.ownOf(0);
  const hashes = await client.keys(`${prefix}${KIND}:k*`);
  const fields = await Promise.all(hashes.map((key) => client.hexists(key, 'gwm:refused')));
  return [...hashes.filter((_, index) => fields[index] === 1), ...(await client.keys(`${prefix}refused`))];
}

test('four producers at the same time get exactly maxWaiting jobs in', async () => {
  const system = await openBounded(537);

  const summaries = await Promise.all(
    [1, 2, 3, 4].map(async (number) => {
      const producer = system.openProducer();
      return await producer.enqueueMany(KIND, messages(400, `p${number}`));
    }),
  );

  const sum = (name: 'accepted' | 'refused') => summaries.reduce((all, summary) => all + summary[name], 0);
  expect(sum('accepted')).toBe(537);
  expect(sum('refused')).toBe(1600 - 537);
  expect(await system.flow.countWaiting('acme')).toBe(537);
  expect(await waitingJobs(system)).toHaveLength(537);
  expect(await leftovers(system)).toEqual([]);
});

test('a refused job leaves nothing behind, and goes in once there is room', async () => {
  const system = await openBounded(2);
  const producer = system.openProducer();
  const [first, , third] = messages(3);
  await producer.enqueueMany(KIND, messages(2));

  const refused = producer.enqueue(KIND, third ?? message());

  await expect(refused).rejects.toThrow(BacklogFullError);
  await expect(refused).rejects.toMatchObject({ code: 'BACKLOG_FULL', tenantId: 'acme', limit: 2 });
  await expect(refused).rejects.toThrow(/acme has 2 jobs that have not ended.*maxWaiting/);
  expect(await leftovers(system)).toEqual([]);
  expect(await waitingJobs(system)).toHaveLength(2);
  // A duplicate needs no room.
  const duplicate = await producer.enqueue(KIND, first ?? message());
  expect(duplicate.status).toBe('duplicate');

  await producer.cancel(KIND, duplicate.jobIds[0] ?? '');
  expect(await producer.enqueue(KIND, third ?? message())).toMatchObject({ status: 'accepted' });
});

test('a split text goes in with all its parts, or with none', async () => {
  const system = await openBounded(3);
  const producer = system.openProducer();
  const long = message({ split: true, body: text('word '.repeat(1500)) });
  await producer.enqueueMany(KIND, messages(2));

  await expect(producer.enqueue(KIND, long)).rejects.toThrow(BacklogFullError);

  expect(await waitingJobs(system)).toHaveLength(2);
  expect(await leftovers(system)).toEqual([]);
});

test('after a refusal no further job of the tenant goes in, and other tenants go on', async () => {
  const system = await openBounded(10);
  const producer = system.openProducer();
  const reports: EntryReport[] = [];
  const own = messages(600);
  const entries = own.flatMap((entry, index) =>
    index % 100 === 99 ? [entry, message({ tenantId: 'globex' })] : [entry],
  );

  const cancelOne = async () => {
    const [job] = await waitingJobs(system);
    if (job) await producer.cancel(KIND, job.id);
  };
  async function* source() {
    for (const [index, entry] of entries.entries()) {
      // Room comes up again in the middle of the call.
      if (index === 400) await cancelOne();
      yield entry;
    }
  }
  const summary = await producer.enqueueMany(KIND, source(), { onEntry: (report) => reports.push(report) });

  expect(summary).toMatchObject({ accepted: 16, refused: 590, rejected: 0, duplicates: 0 });
  const ofAcme = reports.filter(({ index }) => entries[index]?.tenantId === 'acme');
  const accepted = ofAcme.filter(({ status }) => status === 'accepted').map(({ index }) => index);
  expect(accepted.toSorted((a, b) => a - b)).toEqual(numbers(0, 9));
  expect(ofAcme.find(({ status }) => status === 'refused')).toMatchObject({
    code: 'BACKLOG_FULL',
    tenantId: 'acme',
    limit: 10,
  });
  expect(sequencesOf(await waitingJobs(system))).not.toContain(11);
});

test('a job that has ended makes room', async () => {
  const system = await openBounded(1);
  const producer = system.openProducer();
  const { jobIds } = await producer.enqueue(KIND, message({ idempotencyKey: 'a' }));
  const ref = {
    kind: KIND,
    tenantId: 'acme',
    jobId: jobIds[0] ?? '',
    lane: message().conversationId,
    urgent: false,
    isPart: false,
  } as const;
  const start = { number: 1, onUnknownOutcome: 'resend' } as const;
  expect((await system.flow.admit(ref, start)).verdict).toBe('go');
  await system.flow.conclude(ref, 1, { entry: 'sent {}', onFailure: 'skip' });

  expect(await system.flow.countWaiting('acme')).toBe(0);
  expect(await producer.enqueue(KIND, message({ idempotencyKey: 'b' }))).toMatchObject({
    status: 'accepted',
  });
});

test('a Redis whose memory is nearly used up gets no new jobs, before it refuses writes', async () => {
  const server = await openOwnRedis();
  const system = await openSystem({ redis: server });
  // What connections need must not count.
  await system.client.setrange('ballast', 60 * 2 ** 20, 'x');
  const used = Number(/used_memory:(\d+)/.exec(await system.client.info('memory'))?.[1]);
  await system.client.config('SET', 'maxmemory', Math.floor(used / 0.92));
  const producer = system.openProducer();

  const refused = producer.enqueue(KIND, message());

  await expect(refused).rejects.toThrow(RedisFullError);
  await expect(refused).rejects.toMatchObject({ code: 'REDIS_FULL' });
  await expect(producer.enqueueMany(KIND, [message()])).rejects.toThrow(/takes no more jobs/);
  expect(await waitingJobs(system)).toEqual([]);
});
