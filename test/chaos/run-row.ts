import { setTimeout as sleep } from 'node:timers/promises';
import type { JobKind } from '../../src/jobs/catalog.ts';
import { JOB_FIELDS } from '../../src/redis/keys.ts';
import type { System } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';
import type { Fault, Scale, Strike, Trait } from './fault.ts';
import { type Facts, judge, type Row } from './judge.ts';
import type { LoadKind } from './load.ts';
import { openStage, type Stage } from './stage.ts';

export interface RowOptions {
  readonly scale: Scale;
  readonly seed: number;
  readonly program?: string;
}

/** Longest wait for the end of all jobs, beside the time that the rate limit needs for those that wait. */
const PATIENCE_MS = 180_000;
/** The load goes on for a moment after the fault. */
const TAIL_MS = 1000;
/** Jobs that are delivered before the fault begins. */
const WARM_UP = 20;
/** The sandbox remembers 10,000 requests. */
const READ_EVERY_MS = 10_000;
const KINDS: readonly LoadKind[] = ['message-transmission', 'card-delivery'];

/** Runs one fault under load, waits until all jobs have ended, and judges. */
export async function runRow(fault: Fault, options: RowOptions): Promise<Row> {
  return await runFaults([fault], fault, options);
}

/** Runs faults one after the other on one stage, which has the traits of all of them. */
export async function runFaults(
  faults: readonly Fault[],
  trait: Trait & { readonly name: string },
  options: RowOptions,
): Promise<Row> {
  const { scale } = options;
  const stage = await openStage(trait, options);
  const { crew, load, system, deliveryLog } = stage;
  const strikes: Strike[] = [];
  for (const fault of faults) strikes.push(await fault.prepare(stage));
  await Promise.all(Array.from({ length: scale.replicas }, () => crew.start()));
  const reading = readRegularly(deliveryLog.read);
  load.start();
  await waitFor(() => system.sandbox.stats().accepted >= WARM_UP, { what: 'the first deliveries' });

  let struck = 0;
  for (const strike of strikes) struck += await strike();
  const faultEndedAtMs = Date.now();
  await sleep(TAIL_MS);
  await load.stop();
  await untilAllEnded(stage, trait);

  reading.stop();
  await deliveryLog.read();
  for (const check of stage.atEnd) {
    await check().catch((error: unknown) => stage.complaints.push(String(error)));
  }
  const facts = await collect(stage, struck, faultEndedAtMs);
  crew.dismiss();
  const { replicas, perSecond } = scale;
  return judge(trait, `${perSecond} jobs/s, ${replicas} workers`, facts);
}

/** Gives up quietly after a while: the judge finds what is missing. */
async function untilAllEnded(stage: Stage, { rules = {} }: Trait): Promise<void> {
  const { load, receiver, lossesAtMs, tenants, ratePerSecond } = stage;
  const lastLossMs = Math.max(0, ...lossesAtMs);
  const mayBeForgotten = rules.redisForgetsMs !== undefined;
  const expected = [...load.accepted].filter(([, atMs]) => !mayBeForgotten || atMs > lastLossMs);
  const allReported = () => expected.every(([id]) => receiver.byJob.has(id));
  const waiting = expected.filter(([id]) => !receiver.byJob.has(id)).length;
  const atRateMs = (waiting / (tenants.length * ratePerSecond)) * 1000;
  const options = { what: 'all callbacks', deadlineMs: PATIENCE_MS + atRateMs };
  await waitFor(allReported, options).catch(() => {});
  await waitFor(async () => (await countStuck(stage)) === 0, options).catch(() => {});
}

async function countStuck({ system }: Stage): Promise<number> {
  let stuck = 0;
  for (const kind of [...KINDS, 'webhook-delivery'] as const) {
    for (const queue of queuesOf(system, kind)) {
      const { completed: _, failed: __, ...open } = await queue.getJobCounts();
      stuck += Object.values(open).reduce((sum, count) => sum + count, 0);
    }
  }
  return stuck;
}

/** The queues of a kind, one of each partition. */
function queuesOf({ queues, keys }: System, kind: JobKind) {
  return keys.partitions().map((partition) => queues.at(kind, partition));
}

async function collect(stage: Stage, faults: number, faultEndedAtMs: number): Promise<Facts> {
  const { load, system, receiver, deliveryLog, crew, lossesAtMs, complaints } = stage;
  const { outOfOrder, rateLimited } = system.sandbox.stats();
  const ofLoad = await Promise.all(KINDS.map((kind) => failedOf(stage, kind)));
  const deadLetters = new Map(ofLoad.flat());
  const ofCallbacks = await failedOf(stage, 'webhook-delivery');
  const log = crew.log();
  return {
    accepted: load.accepted,
    deliveries: deliveryLog.deliveries,
    doubts: await doubtsOf(stage, deadLetters),
    deadLetters,
    callbacks: receiver.byJob,
    callbackDeadLetters: ofCallbacks.map(([, code]) => code),
    forged: receiver.forged(),
    outOfOrder,
    rateLimited,
    stuck: await countStuck(stage),
    leftBehind: leftBehind(crew),
    lateAnswers: log.filter(({ msg }) => msg.includes('no answer within')).length,
    faults,
    faultEndedAtMs,
    lossesAtMs,
    complaints,
  };
}

/** Id and code of each dead letter of a kind. */
async function failedOf({ system }: Stage, kind: LoadKind | 'webhook-delivery') {
  const failed = await Promise.all(queuesOf(system, kind).map((queue) => queue.getFailed()));
  return failed
    .flat()
    .map(({ id = '', failedReason = '' }): [string, string] => [id, failedReason.split(':')[0] ?? '']);
}

/** Jobs that a worker left when it had been told to end: another worker noticed the lock. */
function leftBehind(crew: Stage['crew']): number {
  const ended = new Set(crew.ended());
  const notices = crew.log().filter(({ msg }) => /worker died|the lock of a job ran out/.test(msg));
  // The name of a worker is that of the machine, its process id and a random part.
  return notices.filter(({ worker = '' }) => ended.has(Number(worker.split('-').at(-2)))).length;
}

/**
 * How often gwm says of a job that it may have been delivered before: in the callback, in the log of
 * each run that sent it again, and in the job itself. A killed worker may not have written its last
 * lines, but the job has the name of each worker that lost it.
 */
async function doubtsOf(
  { receiver, crew, system, deliveryLog }: Stage,
  deadLetters: ReadonlyMap<string, string>,
): Promise<Map<string, number>> {
  const doubts = new Map<string, number>();
  const raise = (id: string, times: number) => doubts.set(id, Math.max(times, doubts.get(id) ?? 0));
  for (const [id, { mayBeRepetition }] of receiver.byJob) if (mayBeRepetition) raise(id, 1);
  const repetitions = crew.log().filter(({ mayBeRepetition }) => mayBeRepetition);
  for (const [id = '', lines] of Map.groupBy(repetitions, ({ jobId }) => jobId)) raise(id, lines.length);
  // Each of these workers may have delivered it.
  for (const [id, code] of deadLetters) if (code === 'JOB_CRASHED_WORKERS') raise(id, 1);
  for (const [id, times] of doubts) {
    if ((deliveryLog.deliveries.get(id)?.length ?? 0) - 1 <= times) continue;
    for (const queue of KINDS.flatMap((kind) => queuesOf(system, kind))) {
      const fields = await system.client.hkeys(queue.toKey(id));
      raise(id, fields.filter((field) => field.startsWith(JOB_FIELDS.heldBy)).length);
    }
  }
  return doubts;
}

function readRegularly(read: () => Promise<void>) {
  let isOver = false;
  const loop = async () => {
    while (!isOver) {
      await sleep(READ_EVERY_MS, undefined, { ref: false });
      if (!isOver) await read().catch(() => {});
    }
  };
  void loop();
  return {
    stop() {
      isOver = true;
    },
  };
}
