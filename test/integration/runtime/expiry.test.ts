import { describe, expect, test } from 'vitest';
import { logOf, startWorker } from '../../support/gwm.ts';
import { openReceiver } from '../../support/receiver.ts';
import { message, openSystem, PATIENT, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
const BUCKET = { tenantId: 'acme', bucketClass: 'messages' } as const;
/** Long enough for a loaded machine to enqueue the jobs before they expire. */
const LIFE_MS = 5000;

describe('under a pause of an hour', () => {
  test.each<[string, { maxAge?: string }, (now: number) => object]>([
    ['its own `expiresAt`', {}, (now) => ({ expiresAt: new Date(now + LIFE_MS).toISOString() })],
    ['the age that its tenant sets', { maxAge: `${LIFE_MS}ms` }, () => ({})],
  ])(
    'each job of a lane expires on time by %s, and has its callback',
    async (_whose, settings, conditions) => {
      const receiver = await openReceiver();
      const system = await openSystem({
        tenants: [{ id: 'acme', callback: { url: receiver.url }, ...settings }],
        environment: PATIENT,
      });
      await startWorker(system);
      await system.flow.pause(BUCKET, 3_600_000, 'by hand');
      const startedAtMs = Date.now();
      const entries = Array.from({ length: 30 }, (_, n) =>
        message({ conversationId: `conv-${n % 3}`, ...conditions(startedAtMs) }),
      );
      await system.openProducer().enqueueMany(KIND, entries);

      await waitFor(() => receiver.received.length === 30, { what: '30 callbacks' });

      expect(receiver.received.map(({ body }) => JSON.parse(body).type)).toEqual(
        Array.from({ length: 30 }, () => 'message.expired'),
      );
      expect(await failedJobs(system)).toBe(30);
      expect(system.sandbox.stats().accepted).toBe(0);
      expect(await system.client.zcard(`${system.keys.own('acme')}expiring`)).toBe(0);
    },
  );
});

describe('the log', () => {
  test('has a cancelled job as information, not as an error', async () => {
    const system = await openSystem();
    const worker = await startWorker(system);
    await system.flow.pause(BUCKET, 3_600_000, 'by hand');
    const { jobIds } = await system.openProducer().enqueue(KIND, message());

    expect(await system.jobs.cancel(KIND, jobIds[0] ?? '')).toBe('cancelled');
    await system.ended(jobIds[0]);

    const [line] = logOf(worker).filter(({ error }) => error?.code === 'JOB_CANCELLED');
    expect(line).toMatchObject({ level: 30, event: 'job.reject' });
  });
});

async function failedJobs({ queues }: System): Promise<number> {
  return await queues.of(KIND, 'acme').getFailedCount();
}
