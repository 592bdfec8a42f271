import { describe, expect, test } from 'vitest';
import { startWorker } from '../../support/gwm.ts';
import { openReceiver } from '../../support/receiver.ts';
import { message, openSystem, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
const CALLBACKS = 'webhook-delivery';
const LIMIT = { capacity: 100, ratePerSecond: 100 };
/** Long enough for a slow machine: no request times out. */
const PATIENT = { REQUEST_TIMEOUT: '10s', LOCK_DURATION: '20s', WEBHOOK_TIMEOUT: '10s' };

/** The entry of the ledger, and the outcome of its job. */
const LEDGERS: readonly (readonly [entry: string, state: 'completed' | 'failed', sent: number])[] = [
  ['garbage', 'completed', 1],
  ['', 'completed', 1],
  ['running', 'completed', 1],
  ['running x y', 'completed', 1],
  ['again x y z', 'completed', 1],
  ['sent {not json', 'completed', 0],
  ['failed {not json', 'failed', 0],
  ['failed {}', 'failed', 0],
];

describe('a job with a damaged entry in the ledger', () => {
  test.for(LEDGERS)('ends: "%s" makes it %s', async ([entry, state, sent]) => {
    const system = await openSystem({ environment: PATIENT });
    await system.flow.configure({ tenantId: 'acme', bucketClass: 'messages' }, LIMIT);
    const jobId = await enqueue(system);
    await system.client.set(ledgerKey(system, jobId), entry);
    await startWorker(system);

    expect(await system.ended(jobId)).toMatchObject({ state });
    expect(system.sandbox.stats().accepted).toBe(sent);
  });

  test('is held if its tenant wants that, because it may have been sent', async () => {
    const system = await openSystem({
      tenants: [{ id: 'acme', onUnknownOutcome: 'hold' }],
      environment: PATIENT,
    });
    await system.flow.configure({ tenantId: 'acme', bucketClass: 'messages' }, LIMIT);
    const jobId = await enqueue(system);
    await system.client.lpush(ledgerKey(system, jobId), 'a list');
    await startWorker(system);

    const { failedReason } = await system.ended(jobId);
    expect(failedReason).toMatch(/^OUTCOME_UNKNOWN: /);
    expect(system.sandbox.stats().accepted).toBe(0);
  });
});

describe('a key of a job with another type of value', () => {
  test('is put aside, its lane continues, and the reconciler repairs the others', async () => {
    const system = await openSystem({ environment: PATIENT });
    await system.flow.configure({ tenantId: 'acme', bucketClass: 'messages' }, LIMIT);
    const victim = await enqueue(system);
    const follower = await enqueue(system);
    const key = system.queues.of(KIND, 'acme').toKey(victim);
    await system.client.del(key);
    await system.client.set(key, 'no job');
    await startWorker(system);

    expect(await system.ended(follower)).toMatchObject({ state: 'completed' });
    expect(await system.client.get(system.keys.damaged(0, KIND, victim))).toBe('no job');
    expect(system.sandbox.stats()).toMatchObject({ accepted: 1 });
  });
});

/** Values from another program, and the number of calls that the callback then makes. */
const CALLBACK_DAMAGES: readonly (readonly [what: string, damage: Damage, calls: number])[] = [
  ['a word as the number of calls', { fields: { 'gwm:calls': 'x' } }, 0],
  ['a delivery that is no JSON', { fields: { 'gwm:delivered': '{"outcome":' } }, 0],
  ['a call that is never over', { fields: { 'gwm:calling': '99 99999999999999' } }, 0],
  ['a word as the log of attempts', { log: 'x' }, 1],
];

interface Damage {
  readonly fields?: Readonly<Record<string, string>>;
  readonly log?: string;
}

describe('a callback that is damaged in Redis', () => {
  test.for(CALLBACK_DAMAGES)('ends within seconds: %s', async ([, { fields, log }, calls]) => {
    const receiver = await openReceiver();
    const system = await openSystem({
      tenants: [{ id: 'acme', callback: { url: receiver.url } }],
      environment: PATIENT,
    });
    const first = await startWorker(system, {}, [KIND]);
    const jobId = await enqueue(system);
    await system.ended(jobId);
    first.kill('SIGTERM');
    await first.exit;
    const callbackId = `wh-${jobId}-delivered`;
    if (fields) await system.client.hset(system.queues.of(CALLBACKS, 'acme').toKey(callbackId), fields);
    if (log) await system.client.set(`${system.keys.own('acme')}attempts:${callbackId}`, log);
    await startWorker(system);

    const { state, failedReason } = await system.ended(callbackId, { kind: CALLBACKS });
    expect(state).toBe(calls > 0 ? 'completed' : 'failed');
    if (calls === 0) expect(failedReason).toMatch(/^JOB_DAMAGED: /);
    await waitFor(() => receiver.received.length === calls, { what: 'the calls' });
  });
});

async function enqueue(system: System): Promise<string> {
  const { jobIds } = await system.openProducer().enqueue(KIND, message());
  return jobIds[0] ?? '';
}

function ledgerKey({ keys }: System, jobId: string): string {
  return `${keys.own('acme')}ledger:m${jobId}`;
}
