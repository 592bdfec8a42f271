import { expect, test } from 'vitest';
import { createWebhookRecords } from '../../src/webhooks/records.ts';
import { startWorker } from '../support/gwm.ts';
import type { TestProcess } from '../support/processes.ts';
import { openReceiver } from '../support/receiver.ts';
import { message, openSystem, type System } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

/** `npm run chaos -- worker-kills` has thirty. */
const KILLS = Number(process.env['KILLS'] ?? 4);
const WORKERS = 3;
const MESSAGES_PER_KILL = 40;
/** The callbacks at the receiver when a worker dies. It answers half of them just before. */
const HELD = 6;
/** The messages of a conversation that wait for each other, so that the test can remove them. */
const REMOVED = 5;
/** A worker that needs longer to record an answer loses the job, and another worker calls again. */
const LOCK_MS = 10_000;

const SETTINGS = {
  WORKER_CONCURRENCY: '100',
  JOB_RETRY_FOR: '1m',
  REQUEST_TIMEOUT: '5s',
  LOCK_DURATION: `${LOCK_MS}ms`,
  WEBHOOK_TIMEOUT: '5s',
  WEBHOOK_SCHEDULE: Array(10).fill('100ms').join(','),
  LOG_LEVEL: 'info',
};

/** Failures in a row that open the circuit of a receiver: endpoint.lua. */
const CIRCUIT_THRESHOLD = 5;

/** A callback at the receiver. */
interface Call {
  readonly id: string;
  /** The receiver answered 204. */
  readonly isTaken: boolean;
  readonly atMs: number;
  /** The moment at which its connection closed. Infinite before. */
  endMs(): number;
}

test(`the workers report every outcome through ${KILLS} kills, and repeat only callbacks with a lost answer`, async () => {
  const calls: Call[] = [];
  const ends = new Map<object, number>();
  const receiver = await openReceiver();
  const held: (() => void)[] = [];
  let isHolding = false;
  receiver.usually((response, { headers }) => {
    // The receiver refuses some, so that attempts follow.
    const isTaken = Math.random() > 0.05;
    const { socket } = response.req;
    if (!ends.has(socket)) socket.once('close', () => ends.set(socket, performance.now()));
    ends.set(socket, Number.POSITIVE_INFINITY);
    const atMs = performance.now();
    calls.push({ id: String(headers['webhook-id']), atMs, isTaken, endMs: () => ends.get(socket) ?? atMs });
    const answer = () => void response.writeHead(isTaken ? 204 : 500).end();
    if (isHolding) held.push(answer);
    else setTimeout(answer, Math.random() * 40);
  });
  const system = await openSystem({
    tenants: [{ id: 'acme', limit: { capacity: 400, ratePerSecond: 400 }, callback: { url: receiver.url } }],
    environment: SETTINGS,
  });
  await system.sandbox.inject({
    operations: {
      'message.send': {
        latencyMs: 100,
        errors: [
          { status: 400, rate: 0.05 },
          { status: 503, rate: 0.05 },
        ],
      },
    },
  });

  const jobIds: string[] = [];
  const team = Array.from({ length: WORKERS }, () => startWorker(system, SETTINGS));
  await Promise.all(team);
  const records = createWebhookRecords(system.client, system.keys);
  const isFlowing = async () =>
    (await records.endpoints('acme')).every(({ failures }) => failures < CIRCUIT_THRESHOLD);
  for (let kill = 0; kill < KILLS; kill++) {
    // Calls that were held for long have failed. While their circuit is open, too few callbacks come.
    await waitFor(isFlowing, { what: 'a receiver with a closed circuit' });
    isHolding = true;
    jobIds.push(...(await enqueue(system, MESSAGES_PER_KILL, kill)));
    await waitFor(() => held.length >= HELD, { what: 'callbacks under way' });
    for (const answer of held.splice(0, HELD / 2)) answer();
    await replaceOne(system, team);
    isHolding = false;
    for (const answer of held.splice(0)) answer();
  }
  await Promise.all(team);
  const removed = await removeWaiting(system);
  jobIds.push(...removed);

  const outcomes = await Promise.all(jobIds.map((jobId) => endingOf(system, jobId, removed)));
  const expected = jobIds.map((jobId, index) => `wh-${jobId}-${outcomes[index]}`).sort();
  const delivered = () => new Set(calls.map(({ id }) => id));
  await waitFor(() => delivered().isSupersetOf(new Set(expected)), { what: 'every callback' });
  await Promise.all(expected.map((id) => system.ended(id, { kind: 'webhook-delivery' })));

  // Each outcome has exactly one callback, and each callback has an outcome.
  expect([...delivered()].sort()).toEqual(expected);
  const repeated = repetitions(calls);
  // A worker keeps connections for half a minute. A connection that closes sooner closed with its
  // worker, which may not have recorded the answer.
  expect(repeated.filter(({ atMs, endMs }) => endMs() - atMs > LOCK_MS)).toEqual([]);
  console.info(
    `${KILLS} kills: ${expected.length} outcomes, ${delivered().size} callbacks, ${repeated.length} of them came again`,
  );
}, 600_000);

async function enqueue(system: System, count: number, round: number): Promise<string[]> {
  const jobIds: string[] = [];
  const messages = Array.from({ length: count }, (_, index) =>
    message({ conversationId: `conv-${round}-${index % 20}` }),
  );
  await system.openProducer().enqueueMany('message-transmission', messages, {
    onEntry: (entry) => void (entry.status === 'accepted' && jobIds.push(...entry.jobIds)),
  });
  return jobIds;
}

/** Kills the oldest worker at any point of its work, and starts another one. */
async function replaceOne(system: System, team: Promise<TestProcess>[]): Promise<void> {
  const victim = await team.shift();
  victim?.kill('SIGKILL');
  await victim?.exit;
  team.push(startWorker(system, SETTINGS));
}

/** Removes waiting jobs from the queue without our commands, as an operator may. */
async function removeWaiting(system: System): Promise<string[]> {
  await system.flow.pause({ tenantId: 'acme', bucketClass: 'messages' }, 60_000, 'for the test');
  const messages = Array.from({ length: REMOVED }, () => message({ conversationId: 'conv-removed' }));
  const jobIds: string[] = [];
  await system.openProducer().enqueueMany('message-transmission', messages, {
    onEntry: (entry) => void (entry.status === 'accepted' && jobIds.push(...entry.jobIds)),
  });
  const queue = system.queues.of('message-transmission', 'acme');
  for (const jobId of jobIds) expect(await queue.remove(jobId)).toBe(1);
  await system.queues.wake(await system.flow.resume({ tenantId: 'acme', bucketClass: 'messages' }));
  return jobIds;
}

/** The outcome of a job by its state in the queue. */
async function endingOf(system: System, jobId: string, removed: readonly string[]): Promise<string> {
  if (removed.includes(jobId)) return 'failed';
  const { state } = await system.ended(jobId);
  return state === 'completed' ? 'delivered' : 'failed';
}

/** Accepted calls that another call with the same id follows. */
function repetitions(calls: readonly Call[]): Call[] {
  return [...Map.groupBy(calls, ({ id }) => id).values()].flatMap((requests) =>
    requests.slice(0, -1).filter(({ isTaken }) => isTaken),
  );
}
