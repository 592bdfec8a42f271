import { type Counts, countsIn, type Fields, type HistogramName, histogramIn } from './fields.ts';
import { type Histogram, percentileOf } from './histogram.ts';

/** What the counts of some time say about a tenant (docs/glossary.md). */
export interface Summary {
  readonly counts: Counts;
  /** Percent; null when no job was sent. */
  readonly deliveryRate: number | null;
  /** Percent; null when no job ended. */
  readonly successRate: number | null;
  /** Duration of the request that delivered a job, ms; null when no job was delivered. */
  readonly latency: Percentiles | null;
  /** Time from the acceptance of a job to its delivery, ms; null when no job was delivered. */
  readonly jobLatency: Percentiles | null;
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export function summaryOf(fields: Fields): Summary {
  const counts = countsIn(fields);
  const { delivered, failed, expired, held, retry } = counts;
  const percentiles = (name: HistogramName) => percentilesOf(histogramIn(fields, name));
  return {
    counts,
    // The guide of messages counts every try, and the guide of cards counts every card once.
    deliveryRate: percentOf(delivered, failed + held + retry),
    successRate: percentOf(delivered, failed + held + expired),
    latency: percentiles('latency'),
    jobLatency: percentiles('jobLatency'),
  };
}

function percentOf(part: number, rest: number): number | null {
  const total = part + rest;
  return total === 0 ? null : (part / total) * 100;
}

function percentilesOf(histogram: Histogram): Percentiles | null {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => percentileOf(histogram, share));
  return p50 === undefined || p95 === undefined || p99 === undefined ? null : { p50, p95, p99 };
}
