import { describe, expect, test } from 'vitest';
import { prepare } from '../../../src/queues/prepare.ts';
import { startWorker } from '../../support/gwm.ts';
import { message, openSystem, PATIENT, type System, text } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
const KEYED = message({ idempotencyKey: 'order-1' });

/** What the version before stored with each job, beside its name, its data and its time. */
const FORMER = {
  opts: '{"attempts":1000000,"backoff":{"type":"custom"},"stackTraceLimit":3,"kl":20}',
  delay: '86400000',
  priority: '0',
};

describe('a job that the version before stored, with all its options and defaults', () => {
  test('is sent, and retried as every other job', async () => {
    const system = await openSystem({ environment: { ...PATIENT, JOB_RETRY_FOR: '1m' } });
    const jobIds = [await enqueueFormer(system, message()), await enqueueFormer(system, message())];
    const errors = [{ status: 503, rate: 1, times: 2 }];
    await system.sandbox.inject({ operations: { 'message.send': { errors } } });
    await startWorker(system);

    expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed', attemptsMade: 3 });
    expect(await system.ended(jobIds[1])).toMatchObject({ state: 'completed', attemptsMade: 1 });
    expect(system.sandbox.stats()).toMatchObject({ accepted: 2, duplicates: 0, outOfOrder: 0 });
  });

  test('is a duplicate of the same content, and not of another, while it waits', async () => {
    const system = await openSystem();
    await enqueueFormer(system, KEYED);

    await expectOnlyAnotherToDiffer(system);
  });

  test('is a duplicate of the same content, and not of another, after it was removed', async () => {
    const system = await openSystem({ environment: { KEEP_COMPLETED: '0' } });
    const jobId = await enqueueFormer(system, KEYED);
    await startWorker(system);
    const queue = system.queues.of(KIND, 'acme');
    await waitFor(async () => (await queue.getJob(jobId)) === undefined, { what: 'the end of the job' });

    await expectOnlyAnotherToDiffer(system);
  });
});

async function enqueueFormer(system: System, input: ReturnType<typeof message>): Promise<string> {
  const { jobIds } = await system.openProducer().enqueue(KIND, input);
  const [jobId = ''] = jobIds;
  const { jobs: [{ payload } = { payload: {} }] = [] } = prepare({ kind: KIND, index: 0, input });
  const data = JSON.stringify({ tenantId: 'acme', payload });
  await system.client.hset(system.queues.of(KIND, 'acme').toKey(jobId), { ...FORMER, data });
  return jobId;
}

async function expectOnlyAnotherToDiffer(system: System): Promise<void> {
  const producer = system.openProducer();
  expect(await producer.enqueue(KIND, { ...KEYED })).not.toHaveProperty('isDifferent');
  for (const fields of [{ body: text('another text') }, { readReceipt: false }]) {
    expect(await producer.enqueue(KIND, { ...KEYED, ...fields })).toMatchObject({
      status: 'duplicate',
      isDifferent: true,
    });
  }
}
