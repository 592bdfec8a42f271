import { isFlat, type Sample, type Slope, slopeOf } from './slope.ts';

/** What a soak measures, in the order of the report. */
export const SERIES = {
  workerRss: 'resident memory of a worker, MB',
  redisMemory: 'memory of Redis, MB',
  workerHandles: 'open files and sockets of a worker',
  eventLoopDelay: 'delay of the event loop of a worker, p99, ms',
} as const;

export type SeriesName = keyof typeof SERIES;

/** The samples of one moment. */
export type Measures = Readonly<Record<SeriesName, number>>;

/** When the measures were taken, ms. */
export interface Moment {
  readonly atMs: number;
  readonly measures: Measures;
}

export interface SeriesReport extends Slope {
  readonly name: SeriesName;
  readonly isFlat: boolean;
}

export interface SoakReport {
  readonly minutes: number;
  readonly jobs: number;
  readonly faults: number;
  readonly series: readonly SeriesReport[];
  /** Empty: all is well. */
  readonly failures: readonly string[];
}

/** Growth below this share of the mean, over the whole time, is no leak. */
const SHARE = 0.05;
/** Caches fill and code is compiled in the first part. */
const WARM_UP = 1 / 3;
/** What Redis keeps grows for this time, ms: twice the time for which it keeps what has ended. */
const FILLING_MS = 120_000;
/** A shorter soak has too few samples behind this time. */
export const LEAST_MINUTES = 3;
/** Settings with which Redis keeps little of what has ended, so that its memory soon stops to grow. */
export const KEEPS_LITTLE = { KEEP_COMPLETED: '200', LEDGER_TTL: '1m' } as const;
/** The same for what has no setting, ms. */
export const KEPT_MS = FILLING_MS / 2;

/** Judges the samples of a soak, without the first third and without the first two minutes. */
export function seriesOf(moments: readonly Moment[]): SeriesReport[] {
  const filledAtMs = (moments[0]?.atMs ?? 0) + FILLING_MS;
  const later = moments.slice(Math.floor(moments.length * WARM_UP)).filter(({ atMs }) => atMs > filledAtMs);
  return (Object.keys(SERIES) as SeriesName[]).map((name) => {
    const samples = later.map(({ atMs, measures }): Sample => [atMs, measures[name]]);
    return { name, ...slopeOf(samples), isFlat: isFlat(samples, SHARE) };
  });
}
