import { isFlat, type Sample, type Slope, slopeOf } from './slope.ts';

/** What a soak measures, in the order of the report. */
export const SERIES = {
  workerRss: 'resident memory of a worker, MB',
  redisMemory: 'memory of Redis without what it keeps for a day, MB',
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

/** Judges the samples of a soak, the first third left out. */
export function seriesOf(moments: readonly Moment[]): SeriesReport[] {
  const later = moments.slice(Math.floor(moments.length * WARM_UP));
  return (Object.keys(SERIES) as SeriesName[]).map((name) => {
    const samples = later.map(({ atMs, measures }): Sample => [atMs, measures[name]]);
    return { name, ...slopeOf(samples), isFlat: isFlat(samples, SHARE) };
  });
}
