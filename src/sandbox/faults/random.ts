/** A source of numbers from 0 (inclusive) to 1 (exclusive). */
export type Random = () => number;

/**
 * A seeded generator: the same seed gives the same series, so that a run with faults can be repeated.
 * It is Tommy Ettinger's mulberry32 (public domain): 32 bits of state, good enough for dice, not for secrets.
 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
