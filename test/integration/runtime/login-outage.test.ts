import { describe, expect, test } from 'vitest';
import type { FaultPlan } from '../../../src/sandbox/faults/faults.ts';
import { CIRCUIT_THRESHOLD } from '../../support/flow/constants.ts';
import { logOf, startWorker } from '../../support/gwm.ts';
import { card, message, openSystem, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const MESSAGES = 200;
const CONVERSATIONS = 40;
/** Four times as long as a job is retried. */
const OUTAGE_MS = 2000;
const WORKERS = 3;

/** The time for retries of a failed attempt. Attempts come every 10 to 50 ms. */
const IMPATIENT = { JOB_RETRY_FOR: '500ms', REQUEST_TIMEOUT: '10s', LOCK_DURATION: '20s' };

/** Requests that the circuit lets through in this time. Its pauses double from one second on. */
const probesIn = (ms: number) => Math.floor(Math.log2(ms / 1000 + 1)) + 1;

const OUTAGES: readonly (readonly [string, NonNullable<FaultPlan['operations']>])[] = [
  ['breaks every connection off', { 'oauth.token': { dropRate: 1 } }],
  ['answers 503', { 'oauth.token': { errors: [{ status: 503, rate: 1 }] } }],
  ['does not answer at all', { 'oauth.token': { hang: 1 } }],
];

describe('while the login host', () => {
  test.each(OUTAGES)('%s, jobs wait in their order and no job is a dead letter', async (_how, operations) => {
    const system = await openSystem({ environment: IMPATIENT });
    await system.sandbox.inject({ operations });
    const workers = await Promise.all(Array.from({ length: WORKERS }, () => startWorker(system)));
    const producer = system.openProducer();
    const startedAtMs = Date.now();
    const entries = Array.from({ length: MESSAGES }, (_, n) =>
      message({ conversationId: `conv-${n % CONVERSATIONS}` }),
    );
    await producer.enqueueMany('message-transmission', entries);
    const { jobIds } = await producer.enqueue('card-delivery', card({ conversationId: 'card' }));

    await waitFor(() => Date.now() - startedAtMs > OUTAGE_MS, {
      what: 'a long outage',
    });
    expect(await failedJobs(system)).toBe(0);
    const asked = (await system.sandbox.requests('oauth.token')).length;
    const probes = probesIn(Date.now() - startedAtMs);
    // Each process asks once before it knows of the outage. A lone card needs the failures
    // that open a circuit.
    expect(asked).toBeLessThanOrEqual(WORKERS + probes + CIRCUIT_THRESHOLD + probes + WORKERS);
    await system.sandbox.inject({});

    await waitFor(() => system.sandbox.stats().accepted > MESSAGES, {
      what: 'all messages',
    });
    expect(await system.ended(jobIds[0], { kind: 'card-delivery' })).toMatchObject({
      state: 'completed',
      attemptsMade: 1,
    });
    expect(system.sandbox.stats()).toMatchObject({ duplicates: 0, outOfOrder: 0 });
    expect(await failedJobs(system)).toBe(0);
    const lines = workers.flatMap(logOf);
    expect(lines.filter(({ event }) => event === 'job.reject' || event === 'job.retry')).toEqual([]);
  });
});

async function failedJobs({ queues }: System): Promise<number> {
  return await queues.of('message-transmission', 'acme').getFailedCount();
}
