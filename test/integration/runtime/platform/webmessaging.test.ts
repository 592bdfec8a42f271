import { describe, expect, test } from 'vitest';
import { type LogLine, logOf, startWorker } from '../../../support/gwm.ts';
import { message, openSystem, type System, type SystemOptions, text } from '../../../support/system.ts';
import { guestTenant, type ShownSession } from '../../webmessaging/stage.ts';

const KIND = 'message-transmission';

async function openGuests(options: Partial<SystemOptions> = {}): Promise<System> {
  return await openSystem({
    tenants: [guestTenant()],
    ...options,
    environment: { REQUEST_TIMEOUT: '2s', LOCK_DURATION: '4s', JOB_RETRY_FOR: '5m', ...options.environment },
  });
}

const control = (system: System, path: string, body: object) =>
  system.sandbox.platform('POST', `/webmessaging${path}`, body);

async function sessionsOf({ sandbox }: System): Promise<ShownSession[]> {
  return (await sandbox.platform('GET', '/webmessaging/sessions')) as ShownSession[];
}

async function enqueue(system: System, fields: object): Promise<string> {
  const { jobIds } = await system.openProducer().enqueue(KIND, message(fields));
  return jobIds[0] ?? '';
}

const stored = async (system: System) =>
  (await sessionsOf(system)).reduce((sum, { counters }) => sum + (counters['messagesStored'] ?? 0), 0);

describe('a worker with a tenant of the guest channel', () => {
  test('delivers a message when its echo comes, and says how long that took', async () => {
    const system = await openGuests();
    await startWorker(system);
    const ended = await system.ended(await enqueue(system, { body: text('hello') }));
    expect(ended).toMatchObject({
      state: 'completed',
      attemptsMade: 1,
      result: { messageId: expect.stringMatching(/^[0-9a-f]{32}$/), requestMs: expect.any(Number) },
    });
  });

  test('pauses one session after an answer about its rate, and sends for the others of the tenant', async () => {
    const system = await openGuests();
    const worker = await startWorker(system);
    await control(system, '/faults', { effect: { kind: 'throttle', retryAfterSeconds: 600 } });
    const slow = await enqueue(system, { conversationId: 'c-slow' });
    await worker.line(/RATE_LIMITED/);
    const quick = await enqueue(system, { conversationId: 'c-quick' });
    expect(await system.ended(quick)).toMatchObject({ state: 'completed' });
    const queue = system.queues.of(KIND, 'acme');
    expect(await queue.getJobState(slow)).toBe('delayed');
    const bucket = { tenantId: 'acme', bucketClass: 'messages' } as const;
    expect(await system.flow.status(bucket)).toMatchObject({ pausedForMs: 0, failures: 0 });
  });

  test('looks for the message of a killed worker, also for a tenant that holds unknown outcomes', async () => {
    const system = await openGuests({ tenants: [guestTenant({}, { onUnknownOutcome: 'hold' })] });
    await control(system, '/faults', { effect: { kind: 'lose-echo' } });
    const victim = await startWorker(system);
    const jobId = await enqueue(system, { body: text('once') });
    await expect.poll(() => stored(system)).toBe(1);
    victim.kill('SIGKILL');
    await victim.exit;
    const successor = await startWorker(system);
    expect(await system.ended(jobId)).toMatchObject({ state: 'completed' });
    expect(await stored(system)).toBe(1);
    const lines = logOf(successor).filter((line: LogLine) => line.jobId === jobId);
    expect(lines.some(({ mayBeRepetition }) => mayBeRepetition)).toBe(false);
  });

  test('sends the message of a worker that died before it left, also for such a tenant', async () => {
    const system = await openGuests({ tenants: [guestTenant({}, { onUnknownOutcome: 'hold' })] });
    const noAnswer = { kind: 'reply', text: '{}' };
    // One for each attempt: a worker that dies late must not have sent the message meanwhile.
    const attempts = 20;
    for (let attempt = 0; attempt < attempts; attempt++)
      await control(system, '/faults', { on: 'configureSession', effect: noAnswer });
    const faultsLeft = async () =>
      ((await system.sandbox.platform('GET', '/webmessaging/faults')) as unknown[]).length;
    const victim = await startWorker(system);
    const jobId = await enqueue(system, { body: text('once') });
    await expect.poll(faultsLeft).toBeLessThan(attempts);
    victim.kill('SIGKILL');
    await victim.exit;
    await system.sandbox.platform('DELETE', '/webmessaging/faults');
    await startWorker(system);
    expect(await system.ended(jobId)).toMatchObject({ state: 'completed' });
    expect(await stored(system)).toBe(1);
  });

  test('ends on SIGTERM with its connections, and leaves the sessions of guests as they are', async () => {
    const system = await openGuests();
    const worker = await startWorker(system);
    await system.ended(await enqueue(system, { body: text('before') }));
    worker.kill('SIGTERM');
    expect(await worker.exit).toMatchObject({ code: 0 });
    await expect.poll(async () => (await sessionsOf(system))[0]?.connections).toEqual([]);
    expect(await sessionsOf(system)).toMatchObject([{ state: 'open' }]);
    await startWorker(system);
    expect(await system.ended(await enqueue(system, { body: text('after') }))).toMatchObject({
      state: 'completed',
    });
    expect(await sessionsOf(system)).toHaveLength(1);
  });

  test('shows no token, no text and no conversation of a guest in its log', async () => {
    const system = await openGuests();
    const worker = await startWorker(system);
    await control(system, '/faults', {
      effect: { kind: 'error', code: 4011, text: 'the words of the guest' },
    });
    await system.ended(await enqueue(system, { body: text('very secret words'), conversationId: 'c-1' }));
    await system.ended(await enqueue(system, { body: text('very secret words'), conversationId: 'c-1' }));
    const [session] = await sessionsOf(system);
    const log = worker.stdout.join('\n');
    for (const secret of [session?.token ?? '-', 'very secret words', 'the words of the guest']) {
      expect(log).not.toContain(secret);
    }
  });
});
