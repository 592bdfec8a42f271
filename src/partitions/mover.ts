import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { exponential } from '../core/backoff.ts';
import { OperatorError } from '../core/errors.ts';
import { JOB_KINDS } from '../jobs/catalog.ts';
import type { Core } from '../queues/core.ts';
import { arriving, atStep, left, moved } from '../queues/move-steps.ts';
import type { Home, Move, MoveStep } from '../redis/layout.ts';
import { createLayoutChanges, type LayoutChanges, renewLayout } from '../redis/layout-store.ts';
import { redisTimeMs } from '../redis/redis-time.ts';
import { type Belongings, createBelongings, END_STATES, type EndState, LIMITED } from './belongings.ts';
import { createCarryCounts, hasCounts } from './carry-counts.ts';
import { type CarryJob, createCarryJob } from './carry-jobs.ts';
import { type CarryNames, createCarryNames, mergedKey } from './carry-names.ts';
import { clearFlow, clearRest } from './clear.ts';
import { requireFlowing } from './flowing.ts';
import { holdBuckets, letBucketsGo, type Passage } from './hold-buckets.ts';
import { moveSchedules } from './move-schedule.ts';
import type { MoverLock } from './mover-lock.ts';

/** How far a move has got. */
export interface MoveProgress {
  readonly tenantIds: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly step: MoveStep | 'done';
  /** Jobs in the old partition that have not ended; callbacks at the last step. */
  readonly left: number;
}

export interface MoverParts {
  readonly core: Core;
  readonly lock: MoverLock;
  /** How long the ledger of the old partition knows the ids of jobs, ms. */
  readonly ledgerTtlMs: number;
  /** For so long a process may count by an older layout, ms: it looks every second, and counts as often. */
  readonly lateMs?: number;
  readonly onProgress: (progress: MoveProgress) => void;
}

/** Tenants that move together, because they share a limit. */
export interface Mover {
  /**
   * Moves tenants to a partition, or goes on with their move. It returns when the old partition has
   * nothing of them.
   * @throws {OperatorError} when one of them is on its way to another partition.
   */
  move(tenantIds: readonly string[], to: number): Promise<void>;
}

/** Jobs that are on their way between two partitions together. */
const CARRIED_AT_ONCE = 16;

const LOOK_EVERY_MS = 200;
const LATE_MS = 4000;
/** Callbacks may wait for hours, and to look for them reads whole queues. */
const LOOK_SELDOM = { baseMs: 500, maxMs: 30_000 };

/**
 * The state machine of a move. Each step can be done again: a command that begins where another one
 * died repeats the step that the layout names. docs/partitions.md draws it.
 */
export function createMover(parts: MoverParts): Mover {
  const { core, lock, ledgerTtlMs, onProgress } = parts;
  const { client, keys } = core;
  const tools: Tools = {
    changes: createLayoutChanges(client, keys),
    belongings: createBelongings(client, keys),
    carryJob: createCarryJob(client, keys),
    carryNames: createCarryNames(client, keys),
    carryCounts: createCarryCounts(client, keys),
  };
  const stepper = { ...parts, ...tools };

  /** Tenants that leave one partition together. */
  async function moveGroup(tenantIds: readonly string[], from: number, to: number): Promise<void> {
    await begin(stepper, tenantIds, to);
    const passage: Passage = { tenantIds: new Set(tenantIds), from, to };
    const tell = (step: MoveProgress['step'], jobs: number) =>
      onProgress({ tenantIds, from, to, step, left: jobs });
    await leave(stepper, passage);
    tell('leaving', await countOpen(stepper, passage));
    await close(stepper, passage, (jobs) => tell('leaving', jobs));
    tell('closing', 0);
    await carryAll(stepper, passage);
    await advance(stepper, passage, 'closing', (each) => atStep(each, 'trailing'));
    await trail(stepper, passage, (jobs) => tell('trailing', jobs));
    const nowMs = await redisTimeMs(client);
    const former = { partition: passage.from, untilMs: Math.ceil(nowMs + ledgerTtlMs) };
    for (const tenantId of tenantIds) await client.unlink(mergedKey(keys, to, tenantId));
    await advance(stepper, passage, 'trailing', (each, tenantId) =>
      moved(each, former, keys.layout.hashOf(tenantId), nowMs),
    );
    tell('done', 0);
  }

  return {
    async move(tenantIds, to) {
      lock.check();
      await renewLayout(client, keys);
      const { layout } = keys;
      for (const tenantId of tenantIds) requireFree(tenantId, layout.moveOf(tenantId), to);
      const elsewhere = tenantIds.filter((each) => layout.moveOf(each) || layout.homeOf(each) !== to);
      const sourceOf = (each: string) => layout.moveOf(each)?.from ?? layout.homeOf(each);
      const groups = [...Map.groupBy(elsewhere, sourceOf)];
      for (const [from, group] of groups) await requireFlowing(core, group, from);
      for (const [from, group] of groups) await moveGroup(group, from, to);
    },
  };
}

/** @throws {OperatorError} when the tenant is on its way to another partition. */
function requireFree(tenantId: string, move: Move | undefined, to: number): void {
  if (move && move.to !== to) throw new OperatorError(busy(tenantId, move.to), 'refused');
}

interface Tools {
  readonly changes: LayoutChanges;
  readonly belongings: Belongings;
  readonly carryJob: CarryJob;
  readonly carryNames: CarryNames;
  readonly carryCounts: CarryNames;
}

type Stepper = MoverParts & Tools;

/** The new partition holds the tenants' buckets, and refuses producers that know an older layout. */
async function begin(stepper: Stepper, tenantIds: readonly string[], to: number): Promise<void> {
  const { core, changes, lock } = stepper;
  const { client, keys } = core;
  await renewLayout(client, keys);
  for (const tenantId of tenantIds) {
    lock.check();
    const { version, homes } = keys.layout.state;
    const home = homes.get(tenantId);
    requireFree(tenantId, home?.move, to);
    const at = keys.layout.homeOf(tenantId);
    if (home?.move || at === to) continue;
    if (!(await changes.replace(tenantId, home, arriving(at, to, version, home)))) throw changed();
    await renewLayout(client, keys);
  }
  for (const tenantId of tenantIds) {
    const home = keys.layout.state.homes.get(tenantId);
    if (home?.move?.step !== 'arriving') continue;
    await core.queues.ready();
    await changes.fence(to, home.move.version);
    await client.hdel(keys.layoutOf(to), tenantId);
    await holdBuckets(core, { tenantIds: new Set([tenantId]), from: home.move.from, to });
  }
}

/** From the mark on, the old partition accepts no job of the tenants. */
async function leave(stepper: Stepper, passage: Passage): Promise<void> {
  const { core, lock } = stepper;
  const { client, keys } = core;
  lock.check();
  const isBefore = (tenantId: string) => keys.layout.moveOf(tenantId)?.step === 'arriving';
  const staying = [...passage.tenantIds].filter(isBefore);
  if (staying.length > 0) await holdBuckets(core, { ...passage, tenantIds: new Set(staying) });
  for (const tenantId of staying)
    await client.hset(keys.layoutOf(passage.from), tenantId, `${passage.to} left`);
  await advance(stepper, passage, 'arriving', left);
  await moveSchedules(core.queues, passage);
}

/** Waits for the end of all jobs, and closes the old partition to the steps of other tenants' jobs. */
async function close(stepper: Stepper, passage: Passage, onLeft: (jobs: number) => void): Promise<void> {
  const { core } = stepper;
  const { client, keys } = core;
  await drained(stepper, passage, onLeft);
  for (const tenantId of passage.tenantIds)
    await client.hset(keys.layoutOf(passage.from), tenantId, `${passage.to} closed`);
  await advance(stepper, passage, 'leaving', (home) => atStep(home, 'closing'));
}

/**
 * Carries the dead letters, and what Redis knows of the tenants under their names. An operator may send
 * a dead letter again up to its turn: then the older jobs are awaited once more.
 */
async function carryAll(stepper: Stepper, passage: Passage): Promise<void> {
  const { core, carryNames } = stepper;
  if (!isAt(stepper, passage, 'closing')) return;
  for (let isAll = false; !isAll; ) {
    await drained(stepper, passage, () => {});
    isAll = await carryKept(stepper, passage, LIMITED, ['failed']);
    isAll &&= (await countOpen(stepper, passage)) === 0;
  }
  await carryNames(passage, passage.to);
  await core.queues.ready();
}

/** @returns whether none of them stayed. */
async function carryKept(
  { belongings, carryJob, lock }: Stepper,
  passage: Passage,
  kinds: typeof LIMITED,
  states: readonly EndState[],
): Promise<boolean> {
  const limit = pLimit(CARRIED_AT_ONCE);
  let isAll = true;
  for await (const page of belongings.kept(passage, kinds, states)) {
    lock.check();
    const carried = await Promise.all(page.map((job) => limit(() => carryJob(job, passage))));
    isAll &&= carried.every((isCarried) => isCarried);
  }
  return isAll;
}

/** The new partition sends. Callbacks of the older jobs end where they are, and delivered jobs follow. */
async function trail(stepper: Stepper, passage: Passage, onLeft: (jobs: number) => void): Promise<void> {
  const { core, belongings, lock } = stepper;
  const { client, keys } = core;
  await letBucketsGo(core, passage);
  await clearFlow(client, keys, passage);
  const latestMs = performance.now() + (stepper.lateMs ?? LATE_MS);
  for (let looks = 1; ; looks++) {
    lock.check();
    await carryKept(stepper, passage, JOB_KINDS, END_STATES);
    const open = await belongings.countOpen(passage, JOB_KINDS);
    onLeft(open);
    if (open === 0 && (await carryKept(stepper, passage, JOB_KINDS, END_STATES))) break;
    await delay(exponential(LOOK_SELDOM, looks));
  }
  // Workers that do not know of the move yet count into the old partition.
  if (await hasCounts(client, keys, passage)) await delay(Math.max(0, latestMs - performance.now()));
  await stepper.carryCounts(passage, passage.to);
  await clearFlow(client, keys, passage);
  await clearRest(client, keys, passage);
}

async function drained(stepper: Stepper, passage: Passage, onLeft: (jobs: number) => void): Promise<void> {
  for (;;) {
    stepper.lock.check();
    const open = await countOpen(stepper, passage);
    if (open === 0) return;
    onLeft(open);
    // A process that does not know of the move may have set a schedule meanwhile.
    await moveSchedules(stepper.core.queues, passage);
    await delay(LOOK_EVERY_MS);
  }
}

/** Jobs that keep an order, and have not ended. The index counts them at once; the queues have the last word. */
async function countOpen({ core, belongings }: Stepper, passage: Passage): Promise<number> {
  const { client, keys } = core;
  const own = keys.ownOf(passage.from);
  let count = 0;
  for (const tenantId of passage.tenantIds) count += await client.zcount(`${own}jobs:${tenantId}`, 0, '+inf');
  if (count > 0) return count;
  const lost = await client.lrange(`${own}lost`, 0, -1);
  count = lost.filter((note) => passage.tenantIds.has(note.split(' ', 1)[0] ?? '')).length;
  return count > 0 ? count : await belongings.countOpen(passage, LIMITED);
}

function isAt({ core }: Stepper, { tenantIds }: Passage, step: MoveStep): boolean {
  return [...tenantIds].some((tenantId) => core.keys.layout.moveOf(tenantId)?.step === step);
}

/** Takes each tenant that is at a step on from there. Those that are further stay as they are. */
async function advance(
  { core, changes, lock }: Stepper,
  { tenantIds }: Passage,
  step: MoveStep,
  next: (home: Home, tenantId: string) => Home | undefined,
): Promise<void> {
  const { client, keys } = core;
  lock.check();
  for (const tenantId of tenantIds) {
    await renewLayout(client, keys);
    const home = keys.layout.state.homes.get(tenantId);
    if (home?.move?.step !== step) continue;
    if (await changes.replace(tenantId, home, next(home, tenantId))) continue;
    // A producer may have noted that the old partition is closed to new jobs.
    await renewLayout(client, keys);
    if (keys.layout.moveOf(tenantId)?.step === step) throw changed();
  }
  await renewLayout(client, keys);
}

function busy(tenantId: string, to: number): string {
  return `The tenant ${tenantId} is on its way to partition ${to}. Let that end first: gwm partitions move ${tenantId}.`;
}

function changed(): OperatorError {
  return new OperatorError(
    'Another process has changed the layout meanwhile. Run the command again.',
    'unavailable',
  );
}
