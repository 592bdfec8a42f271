import { RUN_OUTCOMES, type RunOutcome } from '../observe/count-runs.ts';
import { BOUNDS_MS, type Histogram } from './histogram.ts';

/**
 * The fields of a hash of counts: a word for each count, and a letter with a number for each bucket of
 * a histogram that is not empty. `r12` counts requests, `j30` counts jobs.
 */
export type Fields = ReadonlyMap<string, number>;

/** What is counted, besides times. Flow control counts `accepted`, and workers count the others. */
export const COUNTS = ['accepted', ...RUN_OUTCOMES] as const;

export type Counts = Readonly<Record<'accepted' | RunOutcome, number>>;

/** The histograms: durations of requests, and times from acceptance to delivery. */
export const HISTOGRAMS = { latency: 'r', jobLatency: 'j' } as const;

export type HistogramName = keyof typeof HISTOGRAMS;

/** Names of the fields of a histogram, made once: a worker needs them for each job. */
const BUCKET_FIELDS = {
  latency: BOUNDS_MS.map((_, bucket) => `${HISTOGRAMS.latency}${bucket}`),
  jobLatency: BOUNDS_MS.map((_, bucket) => `${HISTOGRAMS.jobLatency}${bucket}`),
} satisfies Record<HistogramName, string[]>;

export function bucketField(histogram: HistogramName, bucket: number): string {
  return BUCKET_FIELDS[histogram][bucket] ?? '';
}

export function countsIn(fields: Fields): Counts {
  return Object.fromEntries(COUNTS.map((name) => [name, fields.get(name) ?? 0])) as Counts;
}

export function histogramIn(fields: Fields, name: HistogramName): Histogram {
  const buckets = BUCKET_FIELDS[name].flatMap((field, bucket) => {
    const count = fields.get(field);
    return count === undefined ? [] : [[bucket, count] as const];
  });
  return new Map(buckets);
}

/** Adds the fields of several hashes. */
export function merged(all: Iterable<Iterable<readonly [string, number]>>): Fields {
  const sums = new Map<string, number>();
  for (const fields of all) for (const [field, count] of fields) addTo(sums, field, count);
  return sums;
}

export function addTo(sums: Map<string, number>, field: string, count: number): void {
  sums.set(field, (sums.get(field) ?? 0) + count);
}
