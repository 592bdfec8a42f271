import { laneOf } from '../../../src/flow/notation.ts';
import { waitingIn } from './lanes.ts';
import type { Run, World } from './world-shapes.ts';

/** What the test knows about the jobs in addition to Redis. */
export interface Knowledge {
  /** The name of a tenant's bucket: that of the tenant, or `*` and the shared name. */
  readonly bucketOf: (tenantId: string) => string;
  /** Runs with the verdict go that their worker has not concluded yet. */
  readonly underWay: readonly Run[];
}

/** The sets of one bucket: lane → score. */
type Sets = Readonly<Record<(typeof SETS)[number], ReadonlyMap<string, number>>>;

/** What PTTL replies for a key that does not expire, and for no key. */
const FOR_EVER = -1;
const NO_KEY = -2;

const SETS = ['waiting', 'reserved', 'busy'] as const;

/**
 * Compares every lane and every set with the states of lane.lua. A lane with jobs is in exactly one
 * set of its tenant's bucket, or deferred, or it is halted and in no set. An empty lane is in no set. A lane expires
 * only while it is empty. A job under way is the head of a busy lane, and the ledger says `running`.
 *
 * @returns the broken rules, in sentences.
 */
export async function breaches(world: World, knowledge: Knowledge): Promise<string[]> {
  const jobs = [...world.jobs.values()];
  const lanes = new Map(jobs.map((job) => [laneOf(job.ref, world.keys.seal), job.ref.tenantId]));
  const buckets = new Set(
    [...lanes.values()].flatMap((tenantId) => [tenantId, knowledge.bucketOf(tenantId)]),
  );
  const prefix = world.keys.ownOf(0);
  // One round trip, because the model test does this after every step.
  const [sets, deferred, members, lives, halted, occupied, entries] = await Promise.all([
    readAll(buckets, (bucket) => readSets(world, bucket)),
    readDeferred(world, new Set(lanes.values())),
    readAll(lanes.keys(), (lane) => waitingIn(world.client, `${prefix}lane:${lane}`)),
    readAll(lanes.keys(), (lane) => world.client.pttl(`${prefix}lane:${lane}`)),
    world.client.hkeys(`${prefix}halted`).then((all) => new Set(all)),
    world.client.smembers(`${prefix}occupied`).then((all) => new Set(all)),
    readAll(knowledge.underWay, ({ job }) => world.ledger(job.id)),
  ]);

  const found: string[] = [];
  for (const [lane, tenantId] of lanes) {
    found.push(
      ...laneBreaches({
        lane,
        members: members.get(lane) ?? [],
        lifeMs: lives.get(lane) ?? NO_KEY,
        halted,
        sets,
        deferred,
        bucket: knowledge.bucketOf(tenantId),
      }),
    );
  }
  for (const [bucket, { waiting, reserved, busy }] of sets) {
    if (waiting.size + reserved.size + busy.size > 0 && !occupied.has(`${bucket}:messages`)) {
      found.push(`${bucket} has lanes, and the reconciler does not look at it`);
    }
  }
  for (const run of knowledge.underWay) {
    const { job, number } = run;
    const lane = laneOf(job.ref, world.keys.seal);
    if (!sets.get(knowledge.bucketOf(job.ref.tenantId))?.busy.has(lane)) {
      found.push(`${lane} is not busy, although ${job.id} is under way`);
    }
    const entry = entries.get(run) ?? 'nothing';
    if (!entry.startsWith(`running ${number} `))
      found.push(`the ledger says ${entry} of ${job.id}, under way`);
  }
  return found;
}

interface LaneView {
  readonly lane: string;
  readonly members: readonly string[];
  /** As PTTL replies it. */
  readonly lifeMs: number;
  readonly halted: ReadonlySet<string>;
  readonly sets: ReadonlyMap<string, Sets>;
  /** Lane → the set of deferred lanes that has it. */
  readonly deferred: ReadonlyMap<string, readonly string[]>;
  readonly bucket: string;
}

function laneBreaches({ lane, members, lifeMs, halted, sets, deferred, bucket }: LaneView): string[] {
  const refs: { name: string; set: string }[] = [...sets].flatMap(([name, of]) =>
    SETS.filter((set) => of[set].has(lane)).map((set) => ({ name, set })),
  );
  refs.push(...(deferred.get(lane) ?? []).map((set) => ({ name: bucket, set })));
  const where = refs.map(({ name, set }) => `${set} of ${name}`).join(', ') || 'no set';
  const [head] = members;
  if (head === undefined && lifeMs === FOR_EVER) return [`${lane} is empty, and never expires`];
  if (head !== undefined && lifeMs !== FOR_EVER) return [`${lane} holds ${members.join(', ')}, and expires`];
  if (head === undefined) return refs.length === 0 ? [] : [`${lane} is empty, and in ${where}`];
  if (halted.has(head)) return refs.length === 0 ? [] : [`${lane} is halted, and in ${where}`];
  if (refs.length !== 1) return [`${lane} holds ${members.join(', ')}, and is in ${where}`];
  const elsewhere = refs.filter(({ name }) => name !== bucket);
  return elsewhere.map(({ name, set }) => `${lane} is in ${set} of ${name}, and belongs to ${bucket}`);
}

async function readAll<Key, Value>(
  keys: Iterable<Key>,
  read: (key: Key) => Promise<Value>,
): Promise<ReadonlyMap<Key, Value>> {
  return new Map(await Promise.all([...keys].map(async (key) => [key, await read(key)] as const)));
}

async function readSets(world: World, bucket: string): Promise<Sets> {
  const [waiting, reserved, busy] = await Promise.all(
    SETS.map((set) => readSet(world, `${set}:${bucket}:messages`)),
  );
  return { waiting: waiting ?? new Map(), reserved: reserved ?? new Map(), busy: busy ?? new Map() };
}

/** The index of tenants must know each tenant with a deferred lane. */
async function readDeferred(world: World, tenantIds: ReadonlySet<string>) {
  const found = new Map<string, string[]>();
  const known = await readSet(world, 'deferred');
  for (const tenantId of tenantIds) {
    for (const set of ['later', 'quiet']) {
      for (const lane of (await readSet(world, `${set}:${tenantId}`)).keys()) {
        const name = known.has(tenantId) ? set : `${set} that is not looked at`;
        found.set(lane, [...(found.get(lane) ?? []), name, ...(known.has(tenantId) ? [] : ['nothing'])]);
      }
    }
  }
  return found;
}

async function readSet(world: World, key: string): Promise<ReadonlyMap<string, number>> {
  const flat = await world.client.zrange(`${world.keys.ownOf(0)}${key}`, '0', '-1', 'WITHSCORES');
  const scores = new Map<string, number>();
  for (let at = 0; at < flat.length; at += 2) scores.set(flat[at] ?? '', Number(flat[at + 1]));
  return scores;
}
