/** A straight line through samples. */
export interface Slope {
  readonly mean: number;
  /** Change per hour. */
  readonly perHour: number;
  /** Standard error of the change per hour. */
  readonly error: number;
}

/** A sample: its time in ms, and its value. */
export type Sample = readonly [atMs: number, value: number];

const HOUR_MS = 3_600_000;

/** Least squares. @throws {RangeError} for fewer than three samples */
export function slopeOf(samples: readonly Sample[]): Slope {
  const count = samples.length;
  if (count < 3) throw new RangeError(`A slope needs three samples, got ${count}.`);
  const meanAt = samples.reduce((sum, [at]) => sum + at, 0) / count;
  const mean = samples.reduce((sum, [, value]) => sum + value, 0) / count;
  const spread = samples.reduce((sum, [at]) => sum + (at - meanAt) ** 2, 0);
  const perMs = samples.reduce((sum, [at, value]) => sum + (at - meanAt) * (value - mean), 0) / spread;
  const rest = samples.reduce((sum, [at, value]) => sum + (value - mean - perMs * (at - meanAt)) ** 2, 0);
  const error = Math.sqrt(rest / (count - 2) / spread);
  return { mean, perHour: perMs * HOUR_MS, error: error * HOUR_MS };
}

/**
 * Whether the values do not grow: the change is within three of its errors, or so small that it stays
 * below this share of the mean over the time of the samples.
 */
export function isFlat(samples: readonly Sample[], share: number): boolean {
  const { mean, perHour, error } = slopeOf(samples);
  if (perHour <= 3 * error) return true;
  const hours = ((samples.at(-1)?.[0] ?? 0) - (samples[0]?.[0] ?? 0)) / HOUR_MS;
  return perHour * hours <= share * mean;
}
