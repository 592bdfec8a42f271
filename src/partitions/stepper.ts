import { setTimeout as delay } from 'node:timers/promises';
import { OperatorError } from '../core/errors.ts';
import type { Core } from '../queues/core.ts';
import type { Home, Move, MoveStep } from '../redis/layout.ts';
import { createLayoutChanges, type LayoutChanges, renewLayout } from '../redis/layout-store.ts';
import { type Belongings, createBelongings, LIMITED } from './belongings.ts';
import { createCarryCounts } from './carry-counts.ts';
import { type CarryEndpoints, createCarryEndpoints } from './carry-endpoints.ts';
import { type CarryJob, createCarryJob } from './carry-jobs.ts';
import { type CarryNames, createCarryNames } from './carry-names.ts';
import { createDeferredLanes, type DeferredLanes } from './deferred-lanes.ts';
import { createFindNames, type FindNames } from './find-names.ts';
import type { Passage } from './hold-buckets.ts';
import { moveSchedules } from './move-schedule.ts';
import type { MoverLock } from './mover-lock.ts';

/** What the steps of a move have in common: their tools, what they wait for, and the way from one to the next. */

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

/** What the steps of a move work with. */
export type Stepper = MoverParts & Tools;

interface Tools {
  readonly changes: LayoutChanges;
  readonly belongings: Belongings;
  readonly deferredLanes: DeferredLanes;
  readonly findNames: FindNames;
  readonly carryJob: CarryJob;
  readonly carryNames: CarryNames;
  readonly carryEndpoints: CarryEndpoints;
  readonly carryCounts: CarryNames;
}

export function createStepper(parts: MoverParts): Stepper {
  const { client, keys } = parts.core;
  return {
    ...parts,
    changes: createLayoutChanges(client, keys),
    belongings: createBelongings(client, keys),
    deferredLanes: createDeferredLanes(client, keys),
    findNames: createFindNames(client, keys),
    carryJob: createCarryJob(client, keys),
    carryNames: createCarryNames(client, keys),
    carryEndpoints: createCarryEndpoints(client, keys),
    carryCounts: createCarryCounts(client, keys),
  };
}

const LOOK_EVERY_MS = 200;

/** Waits until all jobs that keep an order have ended, except those of deferred lanes. */
export async function drained(
  stepper: Stepper,
  passage: Passage,
  onLeft: (jobs: number) => void,
): Promise<void> {
  for (;;) {
    stepper.lock.check();
    const deferred = await stepper.deferredLanes.countJobs(passage);
    const open = (await countOpen(stepper, passage)) - deferred;
    if (open <= 0) return;
    onLeft(open);
    // A process that does not know of the move may have set a schedule meanwhile.
    await moveSchedules(stepper.core.queues, passage);
    await delay(LOOK_EVERY_MS);
  }
}

/** Jobs that keep an order, and have not ended. The index counts them at once; the queues have the last word. */
export async function countOpen({ core, belongings }: Stepper, passage: Passage): Promise<number> {
  const { client, keys } = core;
  const own = keys.ownOf(passage.from);
  let count = 0;
  for (const tenantId of passage.tenantIds) count += await client.zcount(`${own}jobs:${tenantId}`, 0, '+inf');
  if (count > 0) return count;
  const lost = await client.lrange(`${own}lost`, 0, -1);
  count = lost.filter((note) => passage.tenantIds.has(note.split(' ', 1)[0] ?? '')).length;
  return count > 0 ? count : await belongings.countOpen(passage, LIMITED);
}

export function isAt({ core }: Stepper, { tenantIds }: Passage, step: MoveStep): boolean {
  return [...tenantIds].some((tenantId) => core.keys.layout.moveOf(tenantId)?.step === step);
}

/** Takes each tenant that is at a step on from there. Those that are further stay as they are. */
export async function advance(
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

/** @throws {OperatorError} when the tenant is on its way to another partition. */
export function requireFree(tenantId: string, move: Move | undefined, to: number): void {
  if (move && move.to !== to) throw new OperatorError(busy(tenantId, move.to), 'refused');
}

function busy(tenantId: string, to: number): string {
  return `The tenant ${tenantId} is on its way to partition ${to}. Let that end first: gwm partitions move ${tenantId}.`;
}

/** A change of the layout that another process was faster with. */
export function changed(): OperatorError {
  return new OperatorError(
    'Another process has changed the layout meanwhile. Run the command again.',
    'unavailable',
  );
}
