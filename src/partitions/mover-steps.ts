import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { exponential } from '../core/backoff.ts';
import { JOB_KINDS } from '../jobs/catalog.ts';
import { arriving, atStep, left } from '../queues/move-steps.ts';
import { renewLayout } from '../redis/layout-store.ts';
import { END_STATES, type EndState, LIMITED } from './belongings.ts';
import { clearFlow, clearRest } from './clear.ts';
import { FLOWING, type NamedKey } from './find-names.ts';
import { holdBuckets, letBucketsGo, type Passage } from './hold-buckets.ts';
import { moveSchedules } from './move-schedule.ts';
import { advance, changed, countOpen, drained, isAt, requireFree, type Stepper } from './stepper.ts';

/** The steps of a move, in their order. Each can be done again. docs/partitions.md draws them. */

/** Jobs that are on their way between two partitions together. */
const CARRIED_AT_ONCE = 16;
/** For so long a process may count by an older layout, ms: it looks every second, and counts as often. */
const LATE_MS = 4000;
/** A job of a deferred lane may be with a worker for a moment, ms: it expires, or an operator has cancelled it. */
const AGAIN_MS = 100;
/** Callbacks may wait for hours, and to look for them reads whole queues. */
const LOOK_SELDOM = { baseMs: 500, maxMs: 30_000 };

/** The new partition holds the tenants' buckets, and refuses producers that know an older layout. */
export async function begin(stepper: Stepper, { tenantIds, to }: Passage): Promise<void> {
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
export async function leave(stepper: Stepper, passage: Passage): Promise<void> {
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
export async function close(
  stepper: Stepper,
  passage: Passage,
  onLeft: (jobs: number) => void,
): Promise<void> {
  const { core } = stepper;
  const { client, keys } = core;
  await drained(stepper, passage, onLeft);
  for (const tenantId of passage.tenantIds)
    await client.hset(keys.layoutOf(passage.from), tenantId, `${passage.to} closed`);
  await advance(stepper, passage, 'leaving', (home) => atStep(home, 'closing'));
}

/**
 * Carries the dead letters, the jobs of deferred lanes, and what Redis knows of the tenants under their
 * names. An operator may send a dead letter again up to its turn: then the older jobs are awaited once more.
 * @returns the keys that were carried; undefined when another command has done so.
 */
export async function carryAll(stepper: Stepper, passage: Passage): Promise<readonly NamedKey[] | undefined> {
  const { core, findNames, carryNames, carryEndpoints } = stepper;
  if (!isAt(stepper, passage, 'closing')) return undefined;
  for (let isAll = false; !isAll; ) {
    await drained(stepper, passage, () => {});
    isAll = await carryKept(stepper, passage, LIMITED, ['failed']);
    isAll &&= await carryDeferred(stepper, passage);
    isAll &&= (await countOpen(stepper, passage)) === 0;
    if (!isAll) await delay(AGAIN_MS);
  }
  const found = await findNames(passage, FLOWING);
  await carryNames(passage, passage.to, found);
  await adoptLanes(stepper, passage);
  await carryEndpoints(passage);
  await core.queues.ready();
  return found;
}

/** Hands the jobs of deferred lanes over. @returns whether none of them stayed. */
async function carryDeferred({ deferredLanes, carryJob, lock }: Stepper, passage: Passage): Promise<boolean> {
  const limit = pLimit(CARRIED_AT_ONCE);
  const carryLane = async (tenantId: string, lane: string): Promise<boolean> => {
    const { jobs, busy } = await deferredLanes.jobsOf(passage, tenantId, lane);
    let isAll = busy === 0;
    for (const job of jobs) isAll = (await carryJob(job, passage)) && isAll;
    return isAll;
  };
  await deferredLanes.freeze(passage);
  let isAll = true;
  for await (const { tenantId, lanes } of deferredLanes.frozen(passage)) {
    lock.check();
    const carried = await Promise.all(lanes.map((lane) => limit(() => carryLane(tenantId, lane))));
    isAll &&= carried.every((isCarried) => isCarried);
  }
  return isAll;
}

/** In the new partition the lanes that were frozen have their older jobs in front now. */
async function adoptLanes({ core, deferredLanes }: Stepper, passage: Passage): Promise<void> {
  for await (const { tenantId, lanes } of deferredLanes.frozen(passage)) {
    const wakes = await core.flow.adopt(passage.to, tenantId, lanes);
    // Nothing is sent before the buckets are let go, and the reconciler wakes the jobs, too.
    await core.queues.wake(wakes).catch(() => {});
  }
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

/** The new partition sends from now on. @param carried by `carryAll`; without it all keys are looked at. */
export async function letGo(
  { core, findNames }: Stepper,
  passage: Passage,
  carried: readonly NamedKey[] | undefined,
): Promise<void> {
  await letBucketsGo(core, passage);
  await clearFlow(core.client, core.keys, passage, carried ?? (await findNames(passage, FLOWING)));
}

/** Callbacks of the older jobs end where they are, and delivered jobs follow. */
export async function trail(
  stepper: Stepper,
  passage: Passage,
  onLeft: (jobs: number) => void,
): Promise<void> {
  const { core, belongings, lock } = stepper;
  const { client, keys } = core;
  const latestMs = performance.now() + (stepper.lateMs ?? LATE_MS);
  for (let looks = 1; ; looks++) {
    lock.check();
    await carryKept(stepper, passage, JOB_KINDS, END_STATES);
    await stepper.carryEndpoints(passage);
    const open = await belongings.countOpen(passage, JOB_KINDS);
    onLeft(open);
    if (open === 0 && (await carryKept(stepper, passage, JOB_KINDS, END_STATES))) break;
    await delay(exponential(LOOK_SELDOM, looks));
  }
  await stepper.carryEndpoints(passage);
  // Workers that do not know of the move yet count into the old partition.
  await delay(Math.max(0, latestMs - performance.now()));
  const found = await stepper.findNames(passage, [...FLOWING, 'counts']);
  await stepper.carryCounts(passage, passage.to, found);
  await clearFlow(client, keys, passage, found);
  await clearRest(client, keys, passage);
}
