import { z } from 'zod';
import { SERIES_NAMES } from '../../counts/series.ts';
import { JOB_KINDS } from '../../jobs/catalog.ts';
import { API_SCHEMAS } from '../openapi-schemas.ts';
import { counts, percentiles } from './window-schemas.ts';

const point = z
  .object({
    at: z.string().describe('When the span of the point begins.'),
    counts,
    latency: percentiles.nullable().describe('Duration of the request that delivered a job.'),
    jobLatency: percentiles.nullable().describe('Time from the acceptance of a job to its delivery.'),
  })
  .register(API_SCHEMAS, { id: 'Point', description: 'What jobs did in one span of time.' });

const points = z.array(point);

export const series = z
  .object({
    over: z.enum(SERIES_NAMES),
    from: z.string().describe('When the first point begins.'),
    to: z.string().describe('The moment of the answer, by the clock of Redis.'),
    stepSeconds: z.int().describe('From one point to the next: a minute, a quarter of an hour or an hour.'),
    points: points.describe('All kinds together, the oldest point first. The last one has not ended.'),
    kinds: z
      .array(z.object({ kind: z.enum(JOB_KINDS), points }))
      .describe('Each kind with counts. It has as many points.'),
  })
  .register(API_SCHEMAS, { id: 'Series', description: 'The points of a chart, without callbacks.' });

export const seriesQuery = z.strictObject({
  over: z
    .enum(SERIES_NAMES)
    .default('1h')
    .describe('`1h` in minutes, `24h` in quarters of an hour, or `7d` in hours.'),
});

const samplePoint: z.output<typeof point> = {
  at: '2026-03-01T08:31:00.000Z',
  counts: { accepted: 4, delivered: 3, failed: 0, expired: 0, held: 0, retry: 0, throttled: 1 },
  latency: { p50: 86.7, p95: 150, p99: 150 },
  jobLatency: { p50: 150, p95: 374, p99: 374 },
};

export const sampleSeries: z.output<typeof series> = {
  over: '1h',
  from: '2026-03-01T08:31:00.000Z',
  to: '2026-03-01T09:31:04.512Z',
  stepSeconds: 60,
  points: [samplePoint],
  kinds: [{ kind: 'message-transmission', points: [samplePoint] }],
};
