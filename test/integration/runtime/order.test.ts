import { describe, expect, test } from 'vitest';
import { startWorker } from '../../support/gwm.ts';
import { message, openSystem, PATIENT, type System, text } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
const FAST = { capacity: 1_000, ratePerSecond: 1_000 };

describe('the messages of one conversation', () => {
  test('arrive in the order of acceptance, through failures and with two workers', async () => {
    const system = await openSystem({
      tenants: [{ id: 'acme', limit: FAST }],
      environment: { ...PATIENT, JOB_RETRY_FOR: '1m' },
    });
    await system.sandbox.inject({
      operations: {
        'message.send': {
          latencyMs: { min: 0, max: 20 },
          errors: [
            { status: 503, rate: 0.05 },
            { status: 429, rate: 0.01, retryAfterSeconds: 0 },
          ],
          dropRate: 0.02,
        },
      },
    });
    await Promise.all([startWorker(system), startWorker(system)]);

    await enqueue(system, 400, 20);
    await untilAccepted(system, 400);

    expect(system.sandbox.stats()).toMatchObject({ accepted: 400, outOfOrder: 0, duplicates: 0 });
    expect(await textsPerConversation(system)).toEqual(expectedTexts(400, 20));
  });

  test('arrive in order, although a worker is killed during some of their requests', async () => {
    const system = await openSystem({
      tenants: [{ id: 'acme', limit: FAST }],
      // A late answer would count as a lost one, and its message would come again.
      environment: { REQUEST_TIMEOUT: '10s', LOCK_DURATION: '20s' },
    });
    await system.sandbox.inject({ operations: { 'message.send': { latencyMs: 100 } } });
    const victim = await startWorker(system);
    await enqueue(system, 200, 20);
    await untilAccepted(system, 40);

    victim.kill('SIGKILL');
    await victim.exit;
    await startWorker(system);
    await waitFor(async () => (await system.queues.of(KIND, 'acme').getCompletedCount()) === 200, {
      what: 'the end of 200 jobs',
    });

    const { accepted, duplicates, outOfOrder } = system.sandbox.stats();
    // Messages with a request at the kill are sent again: at most one of each conversation.
    expect(duplicates).toBeLessThanOrEqual(20);
    expect(accepted - duplicates).toBe(200);
    expect(outOfOrder).toBe(0);
  });

  test('continue behind a refused message', async () => {
    const system = await openSystem();
    await system.sandbox.inject({
      operations: { 'message.send': { errors: [{ status: 400, rate: 1, times: 1 }] } },
    });
    await startWorker(system);

    await enqueue(system, 5, 1);
    await untilAccepted(system, 4);

    expect(await textsPerConversation(system)).toEqual([['text 1', 'text 2', 'text 3', 'text 4']]);
  });
});

describe('a conversation that waits for the next attempt of its first message', () => {
  test('does not hold up the other conversations of its tenant', async () => {
    const system = await openSystem();
    await system.sandbox.inject({
      operations: {
        'message.send': { errors: [{ status: 503, rate: 1, times: 1, retryAfterSeconds: 600 }] },
      },
    });
    const worker = await startWorker(system);
    const producer = system.openProducer();
    const waiting = await producer.enqueue(KIND, message({ conversationId: 'waits' }));
    await worker.line(/GENESYS_UNAVAILABLE/);

    const { jobIds } = await producer.enqueue(KIND, message({ conversationId: 'goes' }));

    expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed' });
    expect(await system.queues.of(KIND, 'acme').getJobState(waiting.jobIds[0] ?? '')).toBe('delayed');
  });
});

/** Enqueues this number of messages, one to each conversation in turn. */
async function enqueue(system: System, count: number, conversations: number): Promise<void> {
  const entries = Array.from({ length: count }, (_, n) =>
    message({ conversationId: `conv-${n % conversations}`, body: text(`text ${n}`) }),
  );
  await system.openProducer().enqueueMany(KIND, entries);
}

async function untilAccepted({ sandbox }: System, count: number): Promise<void> {
  const what = `${count} messages`;
  await waitFor(() => sandbox.stats().accepted >= count, { what });
}

/** The messages that arrived in each conversation. */
async function textsPerConversation({ sandbox }: System): Promise<string[][]> {
  const accepted = (await sandbox.requests('message.send')).filter(({ status }) => status === 200);
  const byConversation = Map.groupBy(accepted, ({ conversationId }) => conversationId);
  const names = [...byConversation.keys()].toSorted((a, b) => Number(a?.slice(5)) - Number(b?.slice(5)));
  return names.map((name) =>
    (byConversation.get(name) ?? []).map(({ body }) => (body as { body: { content: string } }).body.content),
  );
}

function expectedTexts(count: number, conversations: number): string[][] {
  return Array.from({ length: conversations }, (_, conversation) =>
    Array.from({ length: count / conversations }, (_, n) => `text ${n * conversations + conversation}`),
  );
}
