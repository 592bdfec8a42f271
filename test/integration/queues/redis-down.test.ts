import { describe, expect, test } from 'vitest';
import { OperatorError } from '../../../src/core/errors.ts';
import { createFlow, timesOf } from '../../../src/flow/flow.ts';
import { createCrossing } from '../../../src/queues/crossing.ts';
import { BATCH_SIZE, CONCURRENT_BATCHES } from '../../../src/queues/enqueue-many.ts';
import { prepare } from '../../../src/queues/prepare.ts';
import { submit } from '../../../src/queues/submit.ts';
import { type OwnRedis, openOwnRedis } from '../../support/own-redis.ts';
import { message, openSystem, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { numbers, waitingJobs } from './stored.ts';

const KIND = 'message-transmission';

describe('while Redis is down', () => {
  test('a single job fails in time, with a plain sentence', async () => {
    const { system, server } = await openOwnSystem();
    const producer = system.openProducer({ timeoutMs: 5000 });
    await producer.enqueue(KIND, message());
    await server.kill();

    const failure = producer.enqueue(KIND, message());
    await expect(failure).rejects.toThrow(/Redis/);
    await expect(failure).rejects.toMatchObject({ failure: 'unavailable' });
  });

  test('a job that Redis does not confirm in time is as unavailable as one that Redis refuses', async () => {
    const { system, server } = await openOwnSystem();
    const producer = system.openProducer();
    await producer.enqueue(KIND, message());
    await server.kill();

    const failure = producer.enqueue(KIND, message(), { timeoutMs: 1 });

    await expect(failure).rejects.toThrow(/did not confirm the job within 1 ms/);
    await expect(failure).rejects.toMatchObject({ failure: 'unavailable' });
  });

  test('the first call of a producer is unavailable too, for one job and for many', async () => {
    const { system, server } = await openOwnSystem();
    await server.kill();

    const failures = [
      system.openProducer().enqueue(KIND, message()),
      system.openProducer().enqueueMany(KIND, [message()]),
    ];

    for (const failure of await Promise.allSettled(failures)) {
      expect(failure).toMatchObject({ status: 'rejected', reason: { failure: 'unavailable' } });
    }
  });

  test('many jobs fail in time, with the number of accepted jobs', async () => {
    const { system, server } = await openOwnSystem();
    const producer = system.openProducer();
    await producer.enqueue(KIND, message());
    await server.kill();

    const failure = producer.enqueueMany(
      KIND,
      numbers(1, 2_000).map(() => message()),
    );

    await expect(failure).rejects.toThrow(OperatorError);
    await expect(failure).rejects.toMatchObject({ failure: 'unavailable' });
    await expect(failure).rejects.toThrow(/Redis did not take all jobs. It confirmed 0 entries/);
  });

  test('the producer does not read its source to the end', async () => {
    const { system, server } = await openOwnSystem();
    const producer = system.openProducer();
    await producer.enqueue(KIND, message());
    await server.kill();
    let pulled = 0;
    function* entries() {
      for (; pulled < 100_000; pulled++) yield message();
    }

    await expect(producer.enqueueMany(KIND, entries())).rejects.toThrow(/Redis/);

    // Batches under way, one that fills, and one that starts when the first fails.
    expect(pulled).toBeLessThanOrEqual((CONCURRENT_BATCHES + 2) * BATCH_SIZE);
  });

  test('the call fails also while its source waits for an entry', async () => {
    const { system, server } = await openOwnSystem();
    const producer = system.openProducer();
    await producer.enqueue(KIND, message());
    await server.kill();
    const { promise: never } = Promise.withResolvers<void>();
    async function* entries() {
      for (const number of numbers(1, 300)) yield message({ conversationId: `conv-${number}` });
      await never;
    }

    let failure: unknown;
    producer.enqueueMany(KIND, entries()).catch((error: unknown) => {
      failure = error;
    });

    await waitFor(() => failure !== undefined, { what: 'the failure' });
    expect(String(failure)).toMatch(/Redis/);
  });
});

describe('a Redis that goes away after it took a job', () => {
  test('leaves the job accepted, also without the wake of the producer', async () => {
    const { system } = await openOwnSystem();
    const queues = { ...system.queues, wake: () => Promise.reject(new Error('Connection is closed.')) };
    const producer = createProducerOn({ ...system, queues });

    expect(await producer(message())).toMatchObject([{ status: 'accepted' }]);
    expect(await waitingJobs(system)).toHaveLength(1);
  });
});

describe('when Redis comes back', () => {
  test('the same producer continues with the next sequence number', async () => {
    const { system, server } = await openOwnSystem();
    const producer = system.openProducer();
    await producer.enqueue(KIND, message());
    await server.kill();
    await expect(producer.enqueue(KIND, message())).rejects.toThrow();

    await server.restart();
    await waitFor(() => producer.enqueue(KIND, message()), { what: 'a job that is taken' });

    const jobs = await waitingJobs(system);
    expect(jobs.length).toBeGreaterThanOrEqual(2);
    const sequences = jobs.map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
    expect(new Set(sequences).size).toBe(sequences.length);
  });

  test('interrupted entries can be enqueued again, and each key is accepted once', async () => {
    const { system, server } = await openOwnSystem();
    const producer = system.openProducer();
    const entries = () =>
      numbers(1, 3_000).map((number) =>
        message({ idempotencyKey: `order-${number}`, conversationId: `conv-${number % 10}` }),
      );
    let accepted = 0;

    const failure = producer.enqueueMany(KIND, entries(), {
      onEntry: () => {
        accepted++;
        if (accepted === 500) void server.kill();
      },
    });
    await expect(failure).rejects.toThrow(/Redis did not take all jobs/);
    await server.restart();
    const summary = await waitFor(() => producer.enqueueMany(KIND, entries()), { what: 'the second try' });

    expect(accepted).toBeGreaterThanOrEqual(500);
    expect(accepted).toBeLessThan(3_000);
    expect(summary.accepted + summary.duplicates).toBe(3_000);
    expect(summary.duplicates).toBeGreaterThanOrEqual(accepted);
    const jobs = await waitingJobs(system);
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(3_000);
    expect(jobs).toHaveLength(3_000);
  });
});

describe('a Redis that has lost its scripts', () => {
  test('gets them again from a connected producer', async () => {
    const { system } = await openOwnSystem();
    const producer = system.openProducer();
    await producer.enqueue(KIND, message());

    await system.client.script('FLUSH');

    await waitFor(() => producer.enqueue(KIND, message()), {
      what: 'a job that is taken',
    });
    expect(await waitingJobs(system)).toHaveLength(2);
  });

  test('is asked for them once on a connection, and again behind the loss', async () => {
    const { system } = await openOwnSystem();
    const { client, flow } = system;
    const questions = async () =>
      Number(/^cmdstat_script\|exists:calls=(\d+)/m.exec(await client.info('commandstats'))?.[1] ?? 0);
    const accept = createProducerOn(system);

    await accept(message());
    const before = await questions();
    for (const _ of [1, 2, 3]) await flow.prepareAccept();
    const first = await questions();
    await client.script('FLUSH');
    await accept(message());
    for (const _ of [1, 2, 3]) await flow.prepareAccept();

    expect([first - before, (await questions()) - before]).toEqual([1, 2]);
    expect(await waitingJobs(system)).toHaveLength(2);
  });
});

/**
 * Enqueues messages on the client of the system, which keeps its connection and knows the scripts
 * that it has sent.
 */
function createProducerOn({ client, keys, queues, config }: System) {
  const flow = createFlow({ client, keys, ...timesOf(config) });
  const destination = { client, flow, queues, keys, crossing: createCrossing() };
  return (input: object) => submit(destination, KIND, [prepare({ kind: KIND, index: 0, input })]);
}

/** A system on a Redis of its own. */
async function openOwnSystem(): Promise<{ system: System; server: OwnRedis }> {
  const server = await openOwnRedis();
  return { system: await openSystem({ redis: server }), server };
}
