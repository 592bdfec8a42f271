import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Waiting } from '../../../src/flow/wait-reason.ts';
import { allEnded, work } from '../../support/flow/crew.ts';
import { explain } from '../../support/flow/explain.ts';
import type { Job, JobSpec } from '../../support/flow/queue.ts';
import { openClient, openWorld } from '../../support/flow/world.ts';
import type { Reply, World } from '../../support/flow/world-shapes.ts';
import { testRedis } from '../../support/redis.ts';

const RUNS = Number(process.env['MODEL_RUNS'] ?? 25);
const LIMIT = { capacity: 3, ratePerSecond: 2, inFlight: 4 };
const INTERVAL_MS = 1000 / LIMIT.ratePerSecond;
/** Beside the tokens of the jobs in front: a probe, an answer, and the look of the reconciler. */
const SLACK_MS = 16_000;

type Act =
  | { readonly what: 'accept'; readonly lanes: readonly string[] }
  | { readonly what: 'work'; readonly atMost: number; readonly reply: Reply }
  | { readonly what: 'die' }
  | { readonly what: 'pause' | 'pass'; readonly ms: number };

const delayMs = fc.constantFrom(300, 4000, 20_000);
const reply: fc.Arbitrary<Reply> = fc.oneof(
  fc.constant({ kind: 'sent' } as const),
  fc.record({ kind: fc.constant('retry' as const), delayMs }),
  fc.record({ kind: fc.constant('unavailable' as const), delayMs }),
  fc.record({ kind: fc.constant('throttled' as const), retryAfterMs: fc.constantFrom(500, 6000) }),
  fc.constant({ kind: 'refused' } as const),
);
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('accept' as const),
      lanes: fc.array(fc.constantFrom('x', 'y', '', ''), { minLength: 1, maxLength: 5 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('work' as const),
      atMost: fc.integer({ min: 1, max: 4 }),
      reply,
    }),
  },
  { weight: 1, arbitrary: fc.constant({ what: 'die' } as const) },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('pause' as const), ms: fc.constantFrom(700, 5000) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ what: fc.constant('pass' as const), ms: fc.constantFrom(1, 90, 800, 5000) }),
  },
);

async function perform(world: World, step: Act, nextId: () => string): Promise<void> {
  switch (step.what) {
    case 'accept': {
      const specs = step.lanes.map(
        (lane): JobSpec => (lane === '' ? { id: nextId() } : { id: nextId(), lane }),
      );
      await world.accept(specs);
      return;
    }
    case 'work':
      for (const { id } of world.due.slice(0, step.atMost)) await world.work(id, step.reply);
      return;
    case 'die': {
      const [job] = world.due;
      if (!job) return;
      const run = await world.start(job.id);
      if (run.admission.verdict === 'go') return world.die(run, 5000);
      await world.conclude(run);
      return await world.leave(run);
    }
    case 'pause':
      return await world.pause('acme', step.ms);
    case 'pass':
      return world.pass(step.ms);
  }
}

/** Jobs that wait for each of the reasons with a moment, whatever the random acts reach. */
const EACH_REASON: Act[] = [
  { what: 'accept', lanes: ['', 'x', 'x', '', ''] },
  { what: 'work', atMost: 1, reply: { kind: 'retry', delayMs: 20_000 } },
];
const WHILE_PAUSED: Act[] = [
  { what: 'accept', lanes: [''] },
  { what: 'pause', ms: 5000 },
];

/** What the explanations promised, and what did not hold. */
function brokenPromises(world: World, promises: ReadonlyMap<Job, Waiting>, before: number): string[] {
  const grants = world.grants.slice(before);
  const sentAt = (id: string) => grants.find((grant) => grant.id === id)?.atMs ?? Number.POSITIVE_INFINITY;
  const broken: string[] = [];
  for (const [{ id }, { reason, until, behind }] of promises) {
    const untilMs = Date.parse(until ?? '');
    const late = sentAt(id) - untilMs;
    if (late < 0) broken.push(`${id} went ${-late} ms before the end of ${reason}`);
    if (late > promises.size * INTERVAL_MS + SLACK_MS)
      broken.push(`${id} went ${late} ms after the end of ${reason}`);
    if (behind && sentAt(behind.jobId) > sentAt(id)) broken.push(`${id} went before ${behind.jobId}`);
  }
  return broken;
}

/** Random acts; then each job goes when its explanation says. MODEL_SEED repeats a failure. */
test('no job goes before the moment of its explanation, and each goes soon behind it', {
  timeout: 600_000,
}, async () => {
  const { prefix, url } = testRedis();
  const client = openClient(url);
  let run = 0;
  const reasons = new Set<string>();

  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 25, size: 'max' }), async (acts) => {
      const world = openWorld({ client, prefix: `${prefix}-${++run}` });
      let number = 0;
      await world.configure('acme', LIMIT);
      for (const step of acts) await perform(world, step, () => `j${++number}`);

      const open = [...world.jobs.values()].filter(({ state }) => state !== 'ended');
      const promises = new Map<Job, Waiting>();
      for (const job of open) promises.set(job, await explain(world, job.id));
      for (const { reason } of promises.values()) reasons.add(reason);
      const before = world.grants.length;
      await work(world, 900_000, { until: allEnded(world) });

      expect(brokenPromises(world, promises, before)).toEqual([]);
      expect(open.filter(({ end }) => end !== 'sent').map(({ id }) => id)).toEqual([]);
    }),
    {
      numRuns: RUNS,
      examples: [[EACH_REASON], [WHILE_PAUSED]],
      endOnFailure: true,
      ...(process.env['MODEL_SEED'] && { seed: Number(process.env['MODEL_SEED']) }),
    },
  );
  // The acts reach the reasons that have a moment.
  expect([...reasons]).toEqual(expect.arrayContaining(['order', 'rate', 'paused', 'retry']));
});
