import { expect, test } from 'vitest';
import { startWorker } from '../../support/gwm.ts';
import { openReceiver } from '../../support/receiver.ts';
import { message, openSystem, PATIENT } from '../../support/system.ts';

const KIND = 'message-transmission';

test('a worker that reports the end of another run says that the job may have been delivered twice', async () => {
  const receiver = await openReceiver();
  const system = await openSystem({
    tenants: [{ id: 'acme', callback: { url: receiver.url } }],
    environment: PATIENT,
  });
  const { jobIds } = await system.openProducer().enqueue(KIND, message());
  const jobId = jobIds[0] ?? '';
  // A run that sent the job again, and died before it reported the end.
  const ref = {
    kind: KIND,
    tenantId: 'acme',
    lane: 'conv-def-456',
    jobId,
    urgent: false,
    isPart: false,
  } as const;
  const entry = 'sent unknown {"messageId":"msg-1","requestMs":5}';
  await system.flow.conclude(ref, 1, { entry, onFailure: 'skip' });

  await startWorker(system);

  expect(await system.ended(jobId)).toMatchObject({
    state: 'completed',
    result: { messageId: 'msg-1', requestMs: 5 },
  });
  await system.ended(`wh-${jobId}-delivered`, { kind: 'webhook-delivery' });
  expect(receiver.received.map(({ body }) => JSON.parse(body).data)).toMatchObject([
    { jobId, messageId: 'msg-1', mayBeRepetition: true },
  ]);
  expect(system.sandbox.stats().accepted).toBe(0);
});
