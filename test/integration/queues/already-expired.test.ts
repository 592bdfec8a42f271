import { describe, expect, test } from 'vitest';
import { JobRejectedError } from '../../../src/queues/producer.ts';
import { message, openSystem } from '../../support/system.ts';

const KIND = 'message-transmission';
const PAST = '2020-01-01T00:00:00Z';

describe('a job whose time is over', () => {
  test('is refused with the name of its field', async () => {
    const system = await openSystem();
    const enqueuing = system.openProducer().enqueue(KIND, message({ expiresAt: PAST }));

    await expect(enqueuing).rejects.toThrow(JobRejectedError);
    await expect(enqueuing).rejects.toMatchObject({
      errors: [
        { path: 'expiresAt', message: expect.stringMatching(/^expected a time in the future, got one/) },
      ],
    });
    expect(await system.queues.of(KIND, 'acme').count()).toBe(0);
  });

  test('is refused by the clock of Redis, also one second late', async () => {
    const system = await openSystem();
    const [seconds] = await system.client.time();
    const expiresAt = new Date((Number(seconds) - 1) * 1000).toISOString();
    await expect(system.openProducer().enqueue(KIND, message({ expiresAt }))).rejects.toThrow(
      /^.*expiresAt: /,
    );
  });

  test('is left out of a batch, and the others are accepted', async () => {
    const system = await openSystem();
    const reports: unknown[] = [];
    const summary = await system
      .openProducer()
      .enqueueMany(KIND, [message(), message({ expiresAt: PAST }), message()], {
        onEntry: ({ index, status }) => void reports.push([index, status]),
      });
    expect(summary).toEqual({ accepted: 2, duplicates: 0, rejected: 1, refused: 0, jobs: 2 });
    expect(reports).toEqual([
      [0, 'accepted'],
      [1, 'rejected'],
      [2, 'accepted'],
    ]);
  });

  test('is a duplicate if it was accepted in time', async () => {
    const system = await openSystem();
    const producer = system.openProducer();
    const expiresAt = '2126-01-01T00:00:00.000Z';
    const keyed = message({ idempotencyKey: 'order-1', expiresAt });
    const { jobIds } = await producer.enqueue(KIND, keyed);
    const hash = system.queues.of(KIND, 'acme').toKey(jobIds[0] ?? '');
    const data = (await system.client.hget(hash, 'data')) ?? '';
    await system.client.hset(hash, { data: data.replace(expiresAt, PAST) });

    expect(await producer.enqueue(KIND, { ...keyed, expiresAt: PAST })).toEqual({
      index: 0,
      status: 'duplicate',
      jobIds: [expect.any(String)],
    });
  });
});
