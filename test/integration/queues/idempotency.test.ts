import { describe, expect, test } from 'vitest';
import { message, openSystem, text } from '../../support/system.ts';
import { numbers, sequencesOf, textsOf, waitingJobs } from './stored.ts';

const KIND = 'message-transmission';

describe('a job with an idempotency key', () => {
  test('is accepted once; the second one is a duplicate', async () => {
    const system = await openSystem();
    const producer = system.openProducer();
    const keyed = message({ idempotencyKey: 'order-1' });

    const first = await producer.enqueue(KIND, keyed);
    const second = await producer.enqueue(KIND, { ...keyed, body: text('another text') });
    await producer.enqueue(KIND, message({ body: text('the next') }));

    expect(first.status).toBe('accepted');
    expect(second).toEqual({ ...first, status: 'duplicate', isDifferent: true });
    const jobs = await waitingJobs(system);
    expect(textsOf(jobs)).toEqual([message().body.content, 'the next']);
  });

  test('may have the key beside its data', async () => {
    const producer = (await openSystem()).openProducer();

    await producer.enqueue(KIND, message({ idempotencyKey: 'order-1' }));

    expect(await producer.enqueue(KIND, message(), { idempotencyKey: 'order-1' })).toMatchObject({
      status: 'duplicate',
    });
  });

  test('is no duplicate of a job of another tenant', async () => {
    const producer = (await openSystem()).openProducer();

    await producer.enqueue(KIND, message({ idempotencyKey: 'order-1' }));

    expect(
      await producer.enqueue(KIND, message({ tenantId: 'globex', idempotencyKey: 'order-1' })),
    ).toMatchObject({ status: 'accepted' });
  });

  test('is new each time without a key', async () => {
    const system = await openSystem();
    const producer = system.openProducer();

    await producer.enqueueMany(KIND, [message(), message()]);

    expect(await waitingJobs(system)).toHaveLength(2);
  });

  test('is accepted once within one batch', async () => {
    const system = await openSystem();

    const summary = await system
      .openProducer()
      .enqueueMany(KIND, [message({ idempotencyKey: 'a' }), message(), message({ idempotencyKey: 'a' })]);

    expect(summary).toMatchObject({ accepted: 2, duplicates: 1, jobs: 2 });
    expect(sequencesOf(await waitingJobs(system))).toEqual([1, 2]);
  });

  test('is accepted once across the batches of one source', async () => {
    const system = await openSystem();
    const entries = [...numbers(1, 300), ...numbers(1, 300)].map((number) =>
      message({ idempotencyKey: `order-${number}` }),
    );

    const summary = await system.openProducer().enqueueMany(KIND, entries);

    const jobs = await waitingJobs(system);
    expect(jobs).toHaveLength(300);
    expect(summary).toEqual({ accepted: 300, duplicates: 300, rejected: 0, refused: 0, jobs: 300 });
    expect(sequencesOf(jobs).toSorted((a, b) => a - b)).toEqual(numbers(1, 300));
  });

  test('is accepted once when two producers enqueue it at the same time', async () => {
    const system = await openSystem();
    const producers = [system.openProducer(), system.openProducer()];
    // Both connect first, so that they start together.
    await Promise.all(producers.map((producer) => producer.enqueue(KIND, message({ tenantId: 'other' }))));

    const rounds = await Promise.all(
      numbers(1, 50).map((round) =>
        Promise.all(
          producers.map((producer) => producer.enqueue(KIND, message({ idempotencyKey: `order-${round}` }))),
        ),
      ),
    );

    expect((await waitingJobs(system)).filter(({ data }) => data.tenantId === 'acme')).toHaveLength(50);
    for (const round of rounds) {
      expect(round.map(({ status }) => status).toSorted()).toEqual(['accepted', 'duplicate']);
    }
  });

  test('is a duplicate if its text is split in another way', async () => {
    const system = await openSystem();
    const producer = system.openProducer();
    const long = message({ idempotencyKey: 'order-1', split: true, body: text('lorem ipsum '.repeat(800)) });
    await producer.enqueue(KIND, long);

    const corrected = await producer.enqueue(KIND, { ...long, body: text('short') });

    expect(corrected.status).toBe('duplicate');
    expect(await waitingJobs(system)).toHaveLength(3);
  });
});
