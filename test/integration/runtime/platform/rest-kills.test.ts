import { describe, expect, test } from 'vitest';
import type { JobInput } from '../../../../src/jobs/catalog.ts';
import type { EntryReport } from '../../../../src/queues/submit.ts';
import { logOf, startWorker } from '../../../support/gwm.ts';
import type { TestProcess } from '../../../support/processes.ts';
import { openSystem, type System } from '../../../support/system.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { messagesOf, producerOf, ROUTES, tenantOf, threadsOf } from './stage.ts';

/** The routes whose lost answers no worker can ask for. */
const SENDS = { open: 'platform.open.message', agentless: 'platform.agentless.send' } as const;

type Route = keyof typeof SENDS;
type Policy = 'resend' | 'hold';

const KIND = 'message-transmission';
/** Other workers soon notice the kill of a worker. */
const QUICK = { REQUEST_TIMEOUT: '2s', LOCK_DURATION: '4s' };
/** A request that never arrives, and one that is carried out without an answer in time. */
const KILLS = [
  ['before its request arrives', { hang: 1 }, 0],
  ['after its request was accepted', { slowBodyMs: 60_000 }, 1],
] as const;

const cases = (['open', 'agentless'] as const).flatMap((route) =>
  KILLS.map(([when, fault, arrived]) => ({ route, when, fault, arrived })),
);

describe.each(cases)('the kill of a worker on the route $route, $when', ({ route, fault, arrived }) => {
  test('loses nothing and keeps the order; a possible repetition is marked', async () => {
    const system = await open(route, 'resend');
    const { jobIds, successor } = await killedAtFirst(system, route, fault, arrived);
    const ends = await Promise.all(jobIds.map((jobId) => system.ended(jobId)));

    expect(ends.map(({ state }) => state)).toEqual(['completed', 'completed', 'completed']);
    const again = arrived === 1 ? ['text 0'] : [];
    expect(await textsOf(system)).toEqual([[...again, 'text 0', 'text 1', 'text 2']]);
    await successor.line(new RegExp(`"event":"job.done".*${jobIds[0]}`));
    expect(repeatedIn([successor])).toEqual([jobIds[0]]);
    if (route === 'open') await expectIds(system, [...again.map(() => jobIds[0]), ...jobIds]);
  });

  test('sends nothing twice if unknown outcomes are held, and says why the message is held', async () => {
    const system = await open(route, 'hold');
    const { jobIds } = await killedAtFirst(system, route, fault, arrived);
    const [first, ...others] = await Promise.all(jobIds.map((jobId) => system.ended(jobId)));

    expect(first).toMatchObject({
      state: 'failed',
      failedReason: expect.stringMatching(/^OUTCOME_UNKNOWN: a worker died/),
    });
    expect(others.map(({ state }) => state)).toEqual(['completed', 'completed']);
    const before = arrived === 1 ? ['text 0'] : [];
    expect(await textsOf(system)).toEqual([[...before, 'text 1', 'text 2']]);
    expect(await system.sandbox.requests(SENDS[route])).toHaveLength(3);
  });
});

test('a repetition by open is none where Genesys Cloud knows its channel.messageId', async () => {
  const system = await open('open', 'resend');
  await system.sandbox.platform('PUT', '/settings', { messages: { detectsRepeatedMessageIds: true } });
  const { jobIds } = await killedAtFirst(system, 'open', { slowBodyMs: 60_000 }, 1);
  const ends = await Promise.all(jobIds.map((jobId) => system.ended(jobId)));

  const messages = await messagesOf(system, 'acme');
  expect(messages.map(({ text }) => text)).toEqual(['text 0', 'text 1', 'text 2']);
  expect(ends).toMatchObject(messages.map(({ id }) => ({ state: 'completed', result: { messageId: id } })));
});

describe.each([
  ['open', 'resend'],
  ['open', 'hold'],
  ['agentless', 'resend'],
  ['agentless', 'hold'],
] as const)('kills and lost answers on the route %s, with %s', (route, policy) => {
  test('leave each conversation in order, and each message once or explained', async () => {
    const guests = ['+15550101', '+15550102', '+15550103', '+15550104'];
    const system = await open(route, policy, guests);
    await system.sandbox.inject({
      operations: { [SENDS[route]]: { latencyMs: { min: 20, max: 60 }, loseReplyRate: 0.1 } },
    });
    const jobs = await enqueue(system, guests, 12);
    const workers = [await startWorker(system)];
    for (const arrived of [8, 18, 30]) {
      const victim = await startWorker(system);
      workers.push(victim);
      await waitFor(async () => (await messagesOf(system, 'acme')).length >= arrived, {
        what: `message ${arrived}`,
      });
      victim.kill('SIGKILL');
      await victim.exit;
    }
    const ends = await Promise.all(jobs.map(({ jobId }) => system.ended(jobId)));

    const arrived = await textsByGuest(system);
    const held = jobs.filter((_, index) => ends[index]?.state === 'failed');
    const reasons = ends.filter(({ state }) => state === 'failed').map(({ failedReason }) => failedReason);
    expect(reasons.filter((reason) => !reason?.startsWith('OUTCOME_UNKNOWN: '))).toEqual([]);
    if (policy === 'resend') expect(held).toEqual([]);
    // The lines of a worker come behind the ends of its jobs.
    const unmarked = (twice: readonly SentJob[]) => {
      const marked = repeatedIn(workers);
      return twice.filter(({ jobId }) => !marked.includes(jobId));
    };
    for (const guest of guests) {
      const own = jobs.filter((job) => job.guest === guest);
      const texts = arrived.get(guest) ?? [];
      // In order: without its repetitions, what arrived is what was sent, less what is held.
      const once = texts.filter((text, index) => text !== texts[index - 1]);
      const isThere = (text: string) => once.includes(text);
      expect(once).toEqual(own.map(({ text }) => text).filter(isThere));
      expect(own.filter((job) => !isThere(job.text) && !held.includes(job))).toEqual([]);
      const twice = own.filter(({ text }) => texts.filter((each) => each === text).length > 1);
      await expect.poll(() => unmarked(twice)).toEqual([]);
      if (policy === 'hold') expect(twice).toEqual([]);
    }
  });
});

/** A tenant of the route, whose guests have a live conversation. */
async function open(route: Route, onUnknownOutcome: Policy, guests = ['+15550123']): Promise<System> {
  const agentless = { ...ROUTES.agentless, useExistingActiveConversation: true };
  const platform = { ...ROUTES, agentless, route };
  const system = await openSystem({
    tenants: [tenantOf('acme', route, { platform, onUnknownOutcome, retryFor: '5m' })],
    environment: QUICK,
  });
  if (route === 'open') return system;
  for (const customerAddress of guests) {
    await system.sandbox.platform('POST', '/conversations', {
      tenant: 'acme',
      messengerType: 'sms',
      organizationAddress: ROUTES.agentless.fromAddress,
      customerAddress,
    });
  }
  return system;
}

/** Kills a worker at its first request, and starts another one. The jobs are of one conversation. */
async function killedAtFirst(system: System, route: Route, fault: object, arrived: 0 | 1) {
  const { sandbox } = system;
  await sandbox.inject({ operations: { [SENDS[route]]: fault } });
  const victim = await startWorker(system);
  const jobs = await enqueue(system, ['+15550123'], 3);
  const isThere = async () =>
    arrived === 0
      ? (await sandbox.requests(SENDS[route])).length === 1
      : (await messagesOf(system, 'acme')).length === 1;
  await waitFor(isThere, { what: 'the request of the victim' });
  victim.kill('SIGKILL');
  await victim.exit;
  await sandbox.inject({});
  return { jobIds: jobs.map(({ jobId }) => jobId), successor: await startWorker(system) };
}

interface SentJob {
  readonly jobId: string;
  readonly guest: string;
  readonly text: string;
}

/** Enqueues the texts of each guest in order, the guests by turns. */
async function enqueue(system: System, guests: readonly string[], count: number): Promise<SentJob[]> {
  const sent = Array.from({ length: count }, (_, index) =>
    guests.map((guest) => ({ guest, text: `text ${index}` })),
  ).flat();
  const entries = sent.map(
    ({ guest, text: content }): JobInput<typeof KIND> => ({
      tenantId: 'acme',
      guestId: guest,
      conversationId: `chat-${guest.slice(1)}`,
      body: { contentType: 'text/plain', content },
    }),
  );
  const jobIds: string[] = [];
  const onEntry = (entry: EntryReport) => {
    if (entry.status !== 'accepted') throw new Error(`a message was not accepted: ${JSON.stringify(entry)}`);
    jobIds.push(...entry.jobIds);
  };
  await producerOf(system).enqueueMany(KIND, entries, { onEntry });
  return sent.map((each, index) => ({ ...each, jobId: jobIds[index] ?? '' }));
}

async function textsByGuest(system: System): Promise<Map<string, string[]>> {
  const threads = await threadsOf(system, 'acme');
  return new Map(
    threads.map(({ customerAddress, messages }) => [customerAddress, messages.map(({ text = '' }) => text)]),
  );
}

const textsOf = async (system: System) => [...(await textsByGuest(system)).values()];

/** The jobs that the logs of workers mark as possible repetitions. */
function repeatedIn(workers: readonly TestProcess[]): (string | undefined)[] {
  const marked = workers.flatMap((worker) => logOf(worker).filter((line) => line.mayBeRepetition === true));
  return [...new Set(marked.map(({ jobId }) => jobId))];
}

async function expectIds(system: System, jobIds: readonly (string | undefined)[]): Promise<void> {
  const [thread] = await threadsOf(system, 'acme');
  expect(thread?.messages.map(({ providerMessageId }) => providerMessageId)).toEqual(jobIds);
  expect(thread).toMatchObject({ repeatedMessageIds: jobIds.length - new Set(jobIds).size, outOfOrder: 0 });
}
