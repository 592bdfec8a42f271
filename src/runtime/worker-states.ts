import { z } from 'zod';
import { checked } from '../core/checked.ts';
import { parseJson } from '../core/json.ts';
import { VERSION } from '../core/version.ts';
import { JOB_KINDS, type JobKind } from '../jobs/catalog.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';

/** What a worker says of itself with each beat. */
const stateShape = z.object({
  version: z.string(),
  queues: z.array(z.enum(JOB_KINDS)),
  /** Jobs that it runs. */
  inHand: z.int().min(0),
  /** Since when it runs, ms since the epoch by the clock of Redis. */
  startedAtMs: z.number(),
});

export type WorkerState = z.output<typeof stateShape>;

/** A worker with a heartbeat. One of a version that says nothing of itself has nulls. */
export interface WorkerView {
  readonly name: string;
  readonly version: string | null;
  readonly queues: JobKind[] | null;
  readonly inHand: number | null;
  readonly startedAtMs: number | null;
  /** Its last beat, by the clock of Redis. */
  readonly beatAtMs: number | null;
}

/** The state of this worker. */
export function workerState(state: Omit<WorkerState, 'version'>): WorkerState {
  return { version: VERSION, ...state };
}

/** The workers with a heartbeat, by name. */
export async function readWorkers(client: RedisClient, keys: Keys): Promise<WorkerView[]> {
  const names = (await client.smembers(keys.workers(0))).sort();
  const found = await Promise.all(
    names.map(async (name) => {
      const [beat, state] = await Promise.all([
        client.get(keys.worker(0, name)),
        client.get(keys.workerState(name)),
      ]);
      // `left` after an orderly stop; nothing after a death.
      return beat === 'alive' ? [viewOf(name, state ?? '')] : [];
    }),
  );
  return found.flat();
}

/** @param text as beat.lua writes it: the moment of the beat, and JSON. */
function viewOf(name: string, text: string): WorkerView {
  const [, beatAtMs, json = ''] = /^(\d+) (.*)$/s.exec(text) ?? [];
  const state = checked(stateShape, parseJson(json));
  if (beatAtMs === undefined || !state.ok)
    return { name, version: null, queues: null, inHand: null, startedAtMs: null, beatAtMs: null };
  return { name, ...state.data, beatAtMs: Number(beatAtMs) };
}
