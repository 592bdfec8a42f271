import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { JobInput } from '../../../src/jobs/catalog.ts';
import { BATCH_SIZE, CONCURRENT_BATCHES } from '../../../src/queues/enqueue-many.ts';
import type { EntryReport } from '../../../src/queues/submit.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { message, openSystem, text } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { numbers, sequencesOf, textsOf, waitingJobs } from './stored.ts';

const KIND = 'message-transmission';

/** Batches under way, and one that fills. */
const MOST_READ = (CONCURRENT_BATCHES + 1) * BATCH_SIZE;

type Entry = JobInput<typeof KIND>;

describe('enqueueing many jobs', () => {
  test.each([
    ['an array', (entries: Entry[]) => entries],
    ['a generator', (entries: Entry[]) => entries.values()],
    ['an async generator', (entries: Entry[]) => asyncly(entries)],
    ['a stream of objects', (entries: Entry[]) => Readable.from(entries)],
  ])('takes %s, and keeps the order of a conversation across batches', async (_what, sourceOf) => {
    const system = await openSystem();
    const entries = numbers(1, 1_300).map((number) => message({ body: text(`text ${number}`) }));

    const summary = await system.openProducer().enqueueMany(KIND, sourceOf(entries));

    expect(summary).toEqual({ accepted: 1_300, duplicates: 0, rejected: 0, refused: 0, jobs: 1_300 });
    const jobs = await waitingJobs(system);
    expect(textsOf(jobs)).toEqual(numbers(1, 1_300).map((number) => `text ${number}`));
    expect(sequencesOf(jobs)).toEqual(numbers(1, 1_300));
  });

  test('spreads tenants over the partitions, and keeps the order of every conversation', async () => {
    const system = await openSystem({ environment: { PARTITIONS: '4' } });
    const tenants = ['acme', 'globex', 'initech', 'umbrella', 'hooli'];
    const entries = numbers(0, 999).map((number) =>
      message({ tenantId: tenants[number % 5] ?? '', body: text(`text ${number}`) }),
    );

    await system.openProducer().enqueueMany(KIND, entries);

    expect(new Set(tenants.map((tenantId) => system.keys.partitionOf(tenantId))).size).toBeGreaterThan(1);
    for (const [index, tenantId] of tenants.entries()) {
      const jobs = (await waitingJobs(system, tenantId)).filter(({ data }) => data.tenantId === tenantId);
      expect(textsOf(jobs)).toEqual(numbers(0, 199).map((number) => `text ${number * 5 + index}`));
      expect(sequencesOf(jobs)).toEqual(numbers(1, 200));
    }
  });

  test('reports invalid entries by their index, and accepts the others', async () => {
    const system = await openSystem();
    const entries = numbers(0, 599).map((number) => message({ body: text(`text ${number}`) })) as unknown[];
    entries[0] = null;
    entries[300] = message({ guestId: 7 });
    entries[599] = 'no object';
    const reports: EntryReport[] = [];

    const summary = await system
      .openProducer()
      .enqueueMany(KIND, entries as Entry[], { onEntry: (report) => reports.push(report) });

    expect(summary).toEqual({ accepted: 597, duplicates: 0, rejected: 3, refused: 0, jobs: 597 });
    const rejected = reports.filter(({ status }) => status === 'rejected');
    expect(rejected.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual([0, 300, 599]);
    expect(rejected.find(({ index }) => index === 300)).toMatchObject({
      errors: [{ path: 'guestId', message: expect.stringContaining('expected string') }],
    });
    expect(reports.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual(numbers(0, 599));
    expect(await waitingJobs(system)).toHaveLength(597);
  });

  test('counts a split text once, and its parts as jobs', async () => {
    const system = await openSystem();
    const long = message({ body: text('lorem ipsum '.repeat(800)), split: true });

    const summary = await system.openProducer().enqueueMany(KIND, [long, message()]);

    expect(summary).toEqual({ accepted: 2, duplicates: 0, rejected: 0, refused: 0, jobs: 4 });
    expect(sequencesOf(await waitingJobs(system))).toEqual([1, 2, 3, 4]);
  });

  test('accepts an empty source', async () => {
    const system = await openSystem();

    expect(await system.openProducer().enqueueMany(KIND, [])).toEqual({
      accepted: 0,
      duplicates: 0,
      rejected: 0,
      refused: 0,
      jobs: 0,
    });
  });

  test('reads no faster than Redis takes', async () => {
    const system = await openSystem();
    let pulled = 0;
    let reported = 0;
    let farthest = 0;
    function* entries() {
      for (const number of numbers(1, 5_000)) {
        pulled = number;
        farthest = Math.max(farthest, pulled - reported);
        yield message({ conversationId: `conv-${number}` });
      }
    }

    await system.openProducer().enqueueMany(KIND, entries(), {
      onEntry: () => {
        reported++;
      },
    });

    expect(reported).toBe(5_000);
    expect(farthest).toBeLessThanOrEqual(MOST_READ);
    expect(pulled).toBe(5_000);
  });

  test('stops reading while Redis hangs', async () => {
    const system = await openSystem({ redis: await openOwnRedis() });
    const producer = system.openProducer();
    await producer.enqueue(KIND, message());
    let pulled = 0;
    function* entries() {
      for (; pulled < 10_000; ) yield message({ conversationId: `conv-${pulled++}` });
    }
    // Longer than the test: only the test ends the pause.
    await system.client.client('PAUSE', 600_000, 'WRITE');

    const enqueued = producer.enqueueMany(KIND, entries());
    await waitFor(() => pulled >= CONCURRENT_BATCHES * BATCH_SIZE, { what: 'the first batches' });
    // The answers to other commands give the producer time to read on.
    for (let n = 0; n < 10; n++) await system.client.ping();
    const pulledWhileStuck = pulled;
    await system.client.client('UNPAUSE');
    const summary = await enqueued;

    expect(pulledWhileStuck).toBeLessThanOrEqual(MOST_READ);
    expect(summary.accepted).toBe(10_000);
  });

  test('throws the error of its source, and keeps the earlier jobs accepted', async () => {
    const system = await openSystem();
    function* entries() {
      for (const number of numbers(1, 600)) yield message({ body: text(`text ${number}`) });
      throw new Error('the file ends in the middle');
    }
    const reports: EntryReport[] = [];
    const producer = system.openProducer();

    await expect(
      producer.enqueueMany(KIND, entries(), { onEntry: (report) => reports.push(report) }),
    ).rejects.toThrow('the file ends in the middle');

    // The producer must accept no entry after the caller has the error.
    const reportedCount = reports.length;
    await producer.enqueue(KIND, message({ conversationId: 'another' }));
    expect(reports).toHaveLength(reportedCount);
    expect((await waitingJobs(system)).length - 1).toBe(reportedCount);
  });
});

async function* asyncly<T>(entries: readonly T[]): AsyncGenerator<T> {
  yield* entries;
}
