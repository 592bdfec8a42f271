import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startWorker } from '../../../support/gwm.ts';
import { removeKeys } from '../../../support/redis.ts';
import { message, openSystem, type System, text } from '../../../support/system.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { guestTenant } from '../../webmessaging/stage.ts';

const KIND = 'message-transmission';
const MESSAGES_PER_SECOND = 2;

/** What goes wrong in one play, and when: after so many stored messages. */
interface Play {
  readonly conversations: number;
  readonly perConversation: number;
  readonly faults: readonly { readonly after: number; readonly effect: object }[];
  readonly kills: readonly number[];
  readonly seed: number;
}

const effect = fc.oneof(
  fc.constantFrom('before-store', 'after-store', 'after-echo').map((point) => ({ kind: 'drop', point })),
  fc.constant({ kind: 'lose-echo' }),
  fc.constant({ kind: 'delay-echo', ms: 3000 }),
  fc.constantFrom(408, 500, 5000).map((code) => ({ kind: 'error', code, stored: true, tracingId: false })),
  fc.constantFrom(1000, 1001, 1011).map((code) => ({ kind: 'close', code })),
);

const play: fc.Arbitrary<Play> = fc.record({
  conversations: fc.integer({ min: 3, max: 5 }),
  perConversation: fc.integer({ min: 5, max: 7 }),
  faults: fc.array(fc.record({ after: fc.integer({ min: 0, max: 5 }), effect }), {
    minLength: 3,
    maxLength: 6,
  }),
  kills: fc.array(fc.integer({ min: 2, max: 14 }), { minLength: 1, maxLength: 2 }),
  seed: fc.nat(1000),
});

/** A message as the sandbox has stored it. */
interface Stored {
  readonly body: { readonly text: string; readonly channel: { readonly time: string } };
}

interface ShownSession {
  readonly token: string;
  readonly counters: { readonly messagesStored: number; readonly rateLimited: number };
}

const control = (system: System, method: string, path: string, body?: object) =>
  system.sandbox.platform(method, `/webmessaging${path}`, body);

async function sessionsOf(system: System): Promise<ShownSession[]> {
  return (await control(system, 'GET', '/sessions')) as ShownSession[];
}

async function logOf(system: System, { token }: ShownSession): Promise<Stored[]> {
  return (await control(system, 'GET', `/sessions/messages?${new URLSearchParams({ token })}`)) as Stored[];
}

async function untilStored(system: System, count: number): Promise<void> {
  const stored = async () =>
    (await sessionsOf(system)).reduce((sum, { counters }) => sum + counters.messagesStored, 0) >= count;
  await waitFor(stored, { what: `${count} stored messages` });
}

/** Plays one system to the end of all its jobs. */
async function perform({ conversations, perConversation, faults, kills, seed }: Play): Promise<System> {
  const system = await openSystem({
    tenants: [guestTenant({ messagesPerSecond: MESSAGES_PER_SECOND, requestsPerMinute: 600 })],
    environment: {
      REQUEST_TIMEOUT: '2s',
      LOCK_DURATION: '4s',
      GUEST_HISTORY_DELAY: '500ms',
      JOB_RETRY_FOR: '30m',
    },
  });
  await control(system, 'PUT', '/settings', {
    rates: { messagesPerSecond: MESSAGES_PER_SECOND, requestsPerMinute: 600, historyPerMinute: 600 },
    disorder: { seed, swap: 0.1, swapMs: 50, duplicate: 0.1, errorWithoutTracingId: 0.5 },
    echo: { delayMs: { min: 0, max: 100 } },
  });
  for (const { after, effect: wanted } of faults) {
    await control(system, 'POST', '/faults', { after, effect: wanted });
  }
  const workers = [await startWorker(system, {}, [KIND]), await startWorker(system, {}, [KIND])];
  const entries = Array.from({ length: conversations * perConversation }, (_, n) => {
    const conversation = n % conversations;
    return message({
      conversationId: `c-${conversation}`,
      body: text(`${conversation}: ${Math.floor(n / conversations)}`),
    });
  });
  await system.openProducer().enqueueMany(KIND, entries);
  for (const storedBefore of kills.toSorted((a, b) => a - b)) {
    await untilStored(system, storedBefore);
    const victim = workers.shift();
    victim?.kill('SIGKILL');
    await victim?.exit;
    workers.push(await startWorker(system, {}, [KIND]));
  }
  const queue = system.queues.of(KIND, 'acme');
  const ended = async () => (await queue.getCompletedCount()) + (await queue.getFailedCount());
  await waitFor(async () => (await ended()) === entries.length, {
    what: 'the end of all jobs',
    deadlineMs: 200_000,
  });
  expect(await queue.getFailedCount()).toBe(0);
  for (const worker of workers) worker.kill('SIGTERM');
  await Promise.all(workers.map((worker) => worker.exit));
  return system;
}

/** The most messages of a session in any second. */
function fastest(log: readonly Stored[]): number {
  const times = log.map(({ body }) => Date.parse(body.channel.time));
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1000).length));
}

test('every message arrives once, in its order, and no faster than its session may send', {
  timeout: 600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(play, async (given) => {
      const system = await perform(given);
      const sessions = await sessionsOf(system);
      const logs = await Promise.all(sessions.map((session) => logOf(system, session)));
      const expected = Array.from({ length: given.conversations }, (_, conversation) =>
        Array.from({ length: given.perConversation }, (__, n) => `${conversation}: ${n}`),
      );
      const texts = logs.map((log) => log.map(({ body }) => body.text));
      expect(texts.toSorted((a, b) => String(a[0]).localeCompare(String(b[0])))).toEqual(expected);
      expect(sessions.map(({ counters }) => counters.rateLimited)).toEqual(sessions.map(() => 0));
      for (const log of logs) expect(fastest(log)).toBeLessThanOrEqual(MESSAGES_PER_SECOND);
      await removeKeys(system.redis.url, system.redis.prefix);
    }),
    { seed: 20_261_129, numRuns: 2, endOnFailure: true },
  );
});
