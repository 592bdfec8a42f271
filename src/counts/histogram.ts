/**
 * A histogram of times with fixed buckets. All workers have the same bounds, so counts of several
 * workers and of several hashes add up.
 *
 *   bucket   0       1           2              3
 *            0 … 1   1 … 1.2     1.2 … 1.44     1.44 … 1.728   …  up to eight days, ms
 *
 * Each bound belongs to the bucket below it. A percentile is a value in the middle of its bucket. It
 * differs from the exact one by at most {@link MAX_ERROR} of it, or by 1 ms.
 */
export type Histogram = ReadonlyMap<number, number>;

/**
 * Each bound is this many times the one before. Another growth changes the meaning of stored
 * buckets, so it needs other names of fields (fields.ts).
 */
const GROWTH = 1.2;

/** A job that takes longer counts as one of this time, ms. */
export const LONGEST_MS = 8 * 86_400_000;

/** The middle of a bucket differs by 9.1 %, and rounding to three digits adds 0.5 % of that value. */
export const MAX_ERROR = 0.1;

/** Upper bounds of the buckets, ms. */
export const BOUNDS_MS: readonly number[] = Array.from(
  { length: Math.ceil(Math.log(LONGEST_MS) / Math.log(GROWTH)) + 1 },
  (_, bucket) => GROWTH ** bucket,
);

/** The bucket of a time. A time below 0 comes from a clock that is ahead, and counts as 0. */
export function bucketOf(ms: number): number {
  let low = 0;
  let high = BOUNDS_MS.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ms <= (BOUNDS_MS[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The time, ms, that this share of all times does not exceed.
 * @param share above 0, up to 1.
 * @returns undefined for an empty histogram.
 */
export function percentileOf(histogram: Histogram, share: number): number | undefined {
  const buckets = [...histogram].sort(([one], [other]) => one - other);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  let left = Math.ceil(share * total);
  for (const [bucket, count] of buckets) {
    left -= count;
    if (left <= 0) return middleOf(bucket);
  }
  return undefined;
}

/** As far from the lower bound as from the upper one, in relation to either. */
function middleOf(bucket: number): number {
  const upper = BOUNDS_MS[bucket] ?? LONGEST_MS;
  return Number(((2 * upper) / (GROWTH + 1)).toPrecision(3));
}
