import { SENT } from './world.ts';
import type { Reply, Run, World } from './world-shapes.ts';

/**
 * A crew of workers. It starts every due job at once. Every request gets its answer after a while.
 */
export interface CrewOptions {
  /** From a request to its answer, ms. */
  readonly answerMs?: number;
  /** @param nth number of the request, from 1. */
  readonly reply?: (run: Run, nth: number) => Reply;
  /** The number of concurrent jobs. */
  readonly concurrency?: number;
  /** How often the reconciler runs; 0: never. */
  readonly reconcileEveryMs?: number;
  /** The crew stops early once this is true. */
  readonly until?: () => boolean;
}

/** A job that is due at once after it was sent back costs a round. Jobs of one lane follow each other. */
const MOST_ROUNDS = 10_000;

const idsOf = (jobs: World['due']) => jobs.map(({ id }) => id).join(', ');

/** Lets a crew work for this time, and until the answers to its last requests. */
export async function work(world: World, forMs: number, options: CrewOptions = {}): Promise<void> {
  const { answerMs = 50, reply = () => SENT, concurrency = Number.POSITIVE_INFINITY } = options;
  const { reconcileEveryMs = 5000, until = () => false } = options;
  const answers = new Map<number, Run[]>();
  let inHand = 0;
  let requests = 0;

  const begin = async (id: string) => {
    const run = await world.start(id);
    if (run.admission.verdict !== 'go') {
      await world.conclude(run);
      return await world.leave(run);
    }
    inHand++;
    const answeredAtMs = world.now() + answerMs;
    answers.set(answeredAtMs, [...(answers.get(answeredAtMs) ?? []), run]);
  };

  const answer = async (run: Run) => {
    inHand--;
    await world.conclude(run, reply(run, ++requests));
    await world.leave(run);
  };

  const end = world.now() + forMs;
  while (!until()) {
    const now = world.now();
    if (reconcileEveryMs > 0 && now % reconcileEveryMs === 0) await world.reconcile();
    while (world.nextLookMs() <= now) await world.goOn();
    // Steps of one millisecond go to Redis together, in a fixed order.
    const steps = (answers.get(now) ?? []).map(answer);
    answers.delete(now);
    let rounds = 0;
    while (steps.length > 0 || (world.due.length > 0 && inHand < concurrency && now < end)) {
      if (++rounds > MOST_ROUNDS) throw new Error(`${idsOf(world.due)} come back at once, again and again`);
      if (now < end) steps.push(...world.due.slice(0, concurrency - inHand).map(({ id }) => begin(id)));
      await Promise.all(steps.splice(0));
    }
    if (now >= end && inHand === 0) return;
    // Nothing happens before the next of these moments. An hour in steps of 1 ms takes seconds.
    const nextMs = Math.min(
      world.nextMs(),
      world.nextLookMs(),
      ...answers.keys(),
      now < end ? end : Number.POSITIVE_INFINITY,
      reconcileEveryMs > 0 ? now - (now % reconcileEveryMs) + reconcileEveryMs : Number.POSITIVE_INFINITY,
    );
    world.pass(nextMs - now);
  }
}

/** A condition: all present jobs of the world have ended. */
export function allEnded(world: World): () => boolean {
  const open = [...world.jobs.values()];
  return () => {
    while (open.length > 0 && open.at(-1)?.end !== null) open.pop();
    return open.length === 0;
  };
}
