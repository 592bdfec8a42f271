import { describe, expect, test } from 'vitest';
import { startGwm } from '../support/gwm.ts';
import type { TestProcess } from '../support/processes.ts';
import { message, openSystem, type System } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const KIND = 'message-transmission';
const IN_HAND = 10;
/** Long enough for a slow machine: no request times out. */
const PATIENT = { REQUEST_TIMEOUT: '10s', LOCK_DURATION: '20s' };
/** Notices soon that the locks of another worker have run out, and waits for a late answer. */
const SUCCESSOR = { REQUEST_TIMEOUT: '3s', LOCK_DURATION: '6s' };

describe('gwm worker after a signal', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'takes no new job on %s, finishes its running jobs, and exits 0',
    async (signal) => {
      const system = await openSystem({ environment: { ...PATIENT, WORKER_CONCURRENCY: String(IN_HAND) } });
      await system.sandbox.inject({ operations: { 'message.send': { latencyMs: 400 } } });
      const worker = await startWith(system);
      const jobIds = await enqueue(system, 30);
      await untilInHand(system);

      worker.kill(signal);

      expect(await worker.exit).toEqual({ code: 0, signal: null });
      expect(worker.stderr).toEqual([]);
      expect(await countsOf(system)).toMatchObject({ completed: IN_HAND, active: 0, waiting: 20, failed: 0 });
      expect(system.sandbox.stats().accepted).toBe(IN_HAND);

      await startWith(system, PATIENT);
      await untilDelivered(system, jobIds);
      expect(system.sandbox.stats()).toMatchObject({ accepted: 30, duplicates: 0 });
    },
  );

  test('leaves unfinished jobs to another worker, and exits 0', async () => {
    const system = await openSystem({ environment: { SHUTDOWN_TIMEOUT: '100ms' } });
    await system.sandbox.inject({ operations: { 'message.send': { hang: 1 } } });
    const worker = await startWith(system, { REQUEST_TIMEOUT: '2s', LOCK_DURATION: '4s' });
    const jobIds = await enqueue(system, 3);
    await untilRequested(system, 3);

    worker.kill('SIGTERM');

    expect(await worker.exit).toEqual({ code: 0, signal: null });
    // The worker aborted its requests. No job has ended.
    expect(await countsOf(system)).toMatchObject({ completed: 0, failed: 0 });
    expect(worker.stderr).toEqual([]);
    await system.sandbox.inject({});
    await startWith(system, SUCCESSOR);
    await untilDelivered(system, jobIds);
    expect(system.sandbox.stats()).toMatchObject({ accepted: 3, duplicates: 0 });
  });

  test('does not count aborted requests as failures of Genesys Cloud, which would open the circuit', async () => {
    const system = await openSystem({
      environment: { WORKER_CONCURRENCY: String(IN_HAND), SHUTDOWN_TIMEOUT: '100ms' },
    });
    await system.sandbox.inject({ operations: { 'message.send': { hang: 1 } } });
    const worker = await startWith(system, { REQUEST_TIMEOUT: '20s', LOCK_DURATION: '40s' });
    await enqueue(system, IN_HAND);
    await untilRequested(system, IN_HAND);
    worker.kill('SIGTERM');
    await worker.exit;

    await system.sandbox.inject({});
    await startWith(system, SUCCESSOR);
    const [jobId = ''] = await enqueue(system, 1);

    expect(await system.ended(jobId)).toMatchObject({ state: 'completed' });
  });

  test('ends at once on a second signal', async () => {
    const system = await openSystem();
    await system.sandbox.inject({ operations: { 'message.send': { hang: 1 } } });
    const worker = await startWith(system, { REQUEST_TIMEOUT: '20s', LOCK_DURATION: '40s' });
    await enqueue(system, 1);
    await untilRequested(system, 1);
    worker.kill('SIGTERM');
    await worker.line(/worker stopping/);

    worker.kill('SIGTERM');

    expect(await worker.exit).toEqual({ code: 130, signal: null });
  });

  test('exits 0 without any job', async () => {
    const worker = await startWith(await openSystem());

    worker.kill('SIGTERM');

    expect(await worker.exit).toEqual({ code: 0, signal: null });
  });
});

describe('gwm worker with named queues', () => {
  test('runs the jobs of these queues only', async () => {
    const system = await openSystem();
    await startWith(system, {}, ['webhook-delivery']);
    const [jobId = ''] = await enqueue(system, 1);

    const other = await startWith(system, {}, [KIND]);

    expect(await system.ended(jobId)).toMatchObject({ state: 'completed' });
    expect(await other.line(/message-transmission done/)).toContain(jobId);
  });
});

async function startWith(
  system: System,
  env: Readonly<Record<string, string>> = {},
  queues: readonly string[] = [],
): Promise<TestProcess> {
  const worker = startGwm(['worker', ...queues], { env: { ...system.environment, ...env } });
  await worker.line(/"worker started"/);
  return worker;
}

async function enqueue(system: System, count: number): Promise<string[]> {
  const jobIds: string[] = [];
  const entries = Array.from({ length: count }, (_, n) => message({ conversationId: `conv-${n}` }));
  await system.openProducer().enqueueMany(KIND, entries, {
    onEntry: (entry) => {
      if (entry.status === 'accepted') jobIds.push(...entry.jobIds);
    },
  });
  return jobIds;
}

async function countsOf({ queues }: System): Promise<Record<string, number>> {
  return await queues.of(KIND, 'acme').getJobCounts();
}

async function untilInHand(system: System): Promise<void> {
  await waitFor(async () => (await countsOf(system))['active'] === IN_HAND, { what: 'the jobs in hand' });
}

async function untilRequested({ sandbox }: System, count: number): Promise<void> {
  const arrived = async () => (await sandbox.requests('message.send')).length === count;
  await waitFor(arrived, { what: `${count} requests` });
}

async function untilDelivered(system: System, jobIds: readonly string[]): Promise<void> {
  const ends = await Promise.all(jobIds.map((jobId) => system.ended(jobId)));
  expect(ends.map(({ state }) => state)).toEqual(jobIds.map(() => 'completed'));
}
