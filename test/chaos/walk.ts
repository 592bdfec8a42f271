import { createRandom } from '../fuzz/random.ts';
import type { Fault, Scale } from './fault.ts';

/** One row of a random walk. */
export interface Step {
  readonly fault: Fault;
  readonly scale: Scale;
  readonly seed: number;
}

const LEAST_PER_SECOND = 20;
const MOST_ROUNDS = 5;

/**
 * Walks through all faults in a random order, again and again, each with another scale. The same seed
 * gives the same steps.
 */
export function* walk(faults: readonly Fault[], seed: number): Generator<Step> {
  const random = createRandom(seed);
  for (;;) {
    const left = [...faults];
    while (left.length > 0) {
      const [fault] = left.splice(random.below(left.length), 1);
      if (!fault) break;
      const { rounds, replicas, perSecond } = fault.full;
      yield {
        fault,
        scale: {
          rounds: 1 + random.below(Math.min(rounds, MOST_ROUNDS)),
          replicas: 1 + random.below(replicas),
          perSecond: LEAST_PER_SECOND + random.below(Math.max(1, perSecond - LEAST_PER_SECOND)),
        },
        seed: random.below(2 ** 31),
      };
    }
  }
}
