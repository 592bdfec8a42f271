import { beforeAll, describe, expect, test } from 'vitest';
import { startWorker } from '../../support/gwm.ts';
import { openReceiver, type Receiver } from '../../support/receiver.ts';
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
  const HOLDER = 'holder';
  const tenantOf = (entry: string) => `tenant-${LEDGERS.findIndex(([each]) => each === entry)}`;
  const jobIds = new Map<string, string>();
  let system: System;

  beforeAll(async () => {
    const tenants = [...LEDGERS.map(([entry]) => tenantOf(entry)), HOLDER];
    const holder = { id: HOLDER, onUnknownOutcome: 'hold' as const };
    system = await openSystem({ tenants: [...tenants.slice(0, -1), holder], environment: PATIENT });
    for (const tenantId of tenants) {
      await system.flow.configure({ tenantId, bucketClass: 'messages' }, LIMIT);
      jobIds.set(tenantId, await enqueue(system, tenantId));
    }
    for (const [entry] of LEDGERS) await system.client.set(ledgerOf(tenantOf(entry)), entry);
    await system.client.lpush(ledgerOf(HOLDER), 'a list');
    await startWorker(system);
  });

  const ledgerOf = (tenantId: string) => `${system.keys.own(tenantId)}ledger:m${jobIds.get(tenantId)}`;
  const ended = (tenantId: string) => system.ended(jobIds.get(tenantId), { tenantId });
  const sentTo = (tenantId: string) => system.sandbox.stats().byTenant[tenantId]?.accepted ?? 0;

  test.for(LEDGERS)('ends: "%s" makes it %s', async ([entry, state, sent]) => {
    expect(await ended(tenantOf(entry))).toMatchObject({ state });
    expect(sentTo(tenantOf(entry))).toBe(sent);
  });

  test('is held if its tenant wants that, because it may have been sent', async () => {
    const { failedReason } = await ended(HOLDER);
    expect(failedReason).toMatch(/^OUTCOME_UNKNOWN: /);
    expect(sentTo(HOLDER)).toBe(0);
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
  const tenantOf = (what: string) => `tenant-${CALLBACK_DAMAGES.findIndex(([each]) => each === what)}`;
  const parts = new Map<string, { readonly receiver: Receiver; readonly callbackId: string }>();
  let system: System;

  beforeAll(async () => {
    const receivers = await Promise.all(CALLBACK_DAMAGES.map(() => openReceiver()));
    system = await openSystem({
      tenants: CALLBACK_DAMAGES.map(([what], n) => ({
        id: tenantOf(what),
        callback: { url: receivers[n]?.url ?? '' },
      })),
      environment: PATIENT,
    });
    const first = await startWorker(system, {}, [KIND]);
    for (const [n, [what, { fields, log }]] of CALLBACK_DAMAGES.entries()) {
      const tenantId = tenantOf(what);
      const jobId = await enqueue(system, tenantId);
      await system.ended(jobId, { tenantId });
      const callbackId = `wh-${jobId}-delivered`;
      parts.set(what, { receiver: receivers[n] as Receiver, callbackId });
      if (fields) await system.client.hset(system.queues.of(CALLBACKS, tenantId).toKey(callbackId), fields);
      if (log) await system.client.set(`${system.keys.own(tenantId)}attempts:${callbackId}`, log);
    }
    first.kill('SIGTERM');
    await first.exit;
    await startWorker(system);
  });

  test.for(CALLBACK_DAMAGES)('ends within seconds: %s', async ([what, , calls]) => {
    const { receiver, callbackId } = parts.get(what) ?? expect.fail('the callback was not prepared');

    const end = await system.ended(callbackId, { kind: CALLBACKS, tenantId: tenantOf(what) });

    expect(end.state).toBe(calls > 0 ? 'completed' : 'failed');
    if (calls === 0) expect(end.failedReason).toMatch(/^JOB_DAMAGED: /);
    await waitFor(() => receiver.received.length === calls, { what: 'the calls' });
  });
});

async function enqueue(system: System, tenantId = 'acme'): Promise<string> {
  const { jobIds } = await system.openProducer().enqueue(KIND, message({ tenantId }));
  return jobIds[0] ?? '';
}
