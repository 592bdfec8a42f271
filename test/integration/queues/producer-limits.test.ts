import { expect, test } from 'vitest';
import { OperatorError } from '../../../src/core/errors.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { message, openSystem } from '../../support/system.ts';

const KIND = 'message-transmission';

/** A producer on a Redis that does not answer any more. */
async function openFrozen() {
  const server = await openOwnRedis();
  const system = await openSystem({ redis: server });
  const producer = system.openProducer();
  await producer.enqueue(KIND, message());
  await server.kill('SIGSTOP');
  return { producer, thaw: () => server.kill('SIGCONT') };
}

test('a producer reports a job without confirmation after timeoutMs, with the remedy', async () => {
  const { producer, thaw } = await openFrozen();

  const enqueued = producer.enqueue(KIND, message(), { timeoutMs: 200 });

  await expect(enqueued).rejects.toThrow(OperatorError);
  await expect(enqueued).rejects.toThrow(/within 200 ms.*may have been accepted.*idempotencyKey/);
  await thaw();
});

test('a signal ends the wait for one job, and the reading of a source', async () => {
  const { producer, thaw } = await openFrozen();
  const reason = new Error('the caller has gone');
  const controller = new AbortController();
  const { signal } = controller;
  let read = 0;
  async function* endless() {
    for (;;) {
      read++;
      yield message();
      if (read === 300) controller.abort(reason);
    }
  }

  const many = expect(producer.enqueueMany(KIND, endless(), { signal })).rejects.toBe(reason);
  await expect(producer.enqueue(KIND, message(), { signal })).rejects.toBe(reason);
  await thaw();

  await many;
  expect(read).toBeLessThanOrEqual(301);
  await expect(producer.enqueue(KIND, message(), { signal })).rejects.toBe(reason);
});

test('a producer shows, cancels and retries jobs', async () => {
  const system = await openSystem();
  const producer = system.openProducer();
  const { jobIds } = await producer.enqueue(KIND, message());
  const jobId = jobIds[0] ?? '';

  expect(await producer.getJob(KIND, jobId)).toMatchObject({ jobId, kind: KIND, tenantId: 'acme' });
  expect(await producer.cancel(KIND, jobId)).toBe('cancelled');
  expect(await producer.retry(KIND, jobId)).toBe('not-failed');
  expect(await producer.getJob(KIND, 'jnothing')).toBeUndefined();
  expect(await producer.cancel(KIND, 'jnothing')).toBe('unknown');
});
