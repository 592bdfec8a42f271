import { expect, test } from 'vitest';
import { parseExposition, valueIn } from '../../support/exposition.ts';
import { metricsUrlOf, startWorker } from '../../support/gwm.ts';
import { openReceiver } from '../../support/receiver.ts';
import { message, openSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const BUCKET = { tenantId: 'acme', bucketClass: 'messages' } as const;

test('a job that another program removed is reported to the callback of its tenant and in the log, and counted', async () => {
  const receiver = await openReceiver();
  const system = await openSystem({ tenants: [{ id: 'acme', callback: { url: receiver.url } }] });
  const worker = await startWorker(system, { METRICS_PORT: '0' });
  const metricsUrl = await metricsUrlOf(worker);
  const repairs = async () =>
    valueIn(parseExposition(await (await fetch(metricsUrl)).text()), 'gwm_repairs_total', { repair: 'job' });
  await system.flow.pause(BUCKET, 60_000, 'for the test');
  const { jobIds } = await system.openProducer().enqueue('message-transmission', message());
  const jobId = jobIds[0] ?? '';

  expect(await system.queues.of('message-transmission', 'acme').remove(jobId)).toBe(1);
  await system.queues.wake(await system.flow.resume(BUCKET));
  await waitFor(() => receiver.received.length > 0, { what: 'the callback' });

  const [request] = receiver.received;
  const error = { code: 'JOB_REMOVED', message: 'removed from the queue' };
  expect(request?.headers['webhook-id']).toBe(`wh-${jobId}-failed`);
  expect(JSON.parse(request?.body ?? '')).toEqual({
    type: 'message.failed',
    timestamp: expect.any(String),
    data: { tenantId: 'acme', jobId, status: 'failed', attempts: 1, latencyMs: 0, error },
  });
  const line = await worker.line(/"event":"job.reject"/);
  expect(JSON.parse(line)).toMatchObject({ jobId, tenantId: 'acme', attempt: 1, durationMs: 0, error });
  expect(await repairs()).toBe(1);
}, 120_000);
