import { setTimeout as delay } from 'node:timers/promises';
import type { Metrics } from '../observe/metrics.ts';
import { isRedisFailure } from '../redis/failure.ts';
import type { Survey } from './shape.ts';
import { type SurveyParts, takeSurvey } from './survey.ts';

/** The gauges that show a survey. */
const GAUGES = [
  'bucketLevel',
  'bucketSize',
  'bucketPausedSeconds',
  'requestsInFlight',
  'lanes',
  'jobsWaiting',
  'oldestWaitingSeconds',
  'oldestReadySeconds',
  'endpoints',
  'workers',
  'clockSkewSeconds',
  'redisMemory',
  'redisMemoryLimit',
] as const satisfies readonly (keyof Metrics)[];

export interface SurveyMetricsParts extends SurveyParts {
  readonly metrics: Metrics;
}

/** How long a scrape waits for Redis, ms. Prometheus gives up after ten seconds. */
const PATIENCE_MS = 2000;

/**
 * @returns a function that shows what the installation does in the metrics of this process. Without
 * Redis the old values would look like those of now, so there are none.
 */
export function createSurveyMetrics({ metrics, ...parts }: SurveyMetricsParts): () => Promise<void> {
  let pending: Promise<Survey | undefined> | undefined;

  /** While Redis is away commands wait; they must not pile up with each scrape. */
  function survey(): Promise<Survey | undefined> {
    pending ??= takeSurvey(parts)
      .catch((error: unknown) => {
        if (isRedisFailure(error)) return undefined;
        throw error;
      })
      .finally(() => {
        pending = undefined;
      });
    return pending;
  }

  return async function refresh() {
    const found = await Promise.race([survey(), delay(PATIENCE_MS, undefined, { ref: false })]);
    for (const name of GAUGES) metrics[name].clear();
    metrics.redisUp.set(found ? 1 : 0);
    if (found) show(metrics, found);
  };
}

function show(metrics: Metrics, { buckets, tenants, workers, clockSkewMs, memory }: Survey): void {
  for (const survey of buckets) {
    const labels = { tenant: survey.tenantId, bucket: survey.bucketClass };
    metrics.bucketLevel.set(labels, survey.level);
    metrics.bucketSize.set(labels, survey.burst);
    metrics.requestsInFlight.set(labels, survey.inFlight);
    metrics.lanes.set({ ...labels, lanes: 'runnable' }, survey.lanesRunnable);
    metrics.lanes.set({ ...labels, lanes: 'throttled' }, survey.lanesThrottled);
    if (survey.reason !== '')
      metrics.bucketPausedSeconds.set({ ...labels, reason: survey.reason }, survey.pausedForMs / 1000);
  }
  for (const [tenant, ofTenant] of Map.groupBy(buckets, ({ tenantId }) => tenantId)) {
    const longest = (age: 'oldestWaitingMs' | 'oldestReadyMs') =>
      Math.max(...ofTenant.map((survey) => survey[age])) / 1000;
    metrics.oldestWaitingSeconds.set({ tenant }, longest('oldestWaitingMs'));
    metrics.oldestReadySeconds.set({ tenant }, longest('oldestReadyMs'));
  }
  for (const { tenantId, jobsWaiting, endpoints } of tenants) {
    metrics.jobsWaiting.set({ tenant: tenantId }, jobsWaiting);
    for (const [state, count] of Object.entries(endpoints))
      metrics.endpoints.set({ tenant: tenantId, state }, count);
  }
  metrics.workers.set(workers);
  metrics.clockSkewSeconds.set(clockSkewMs / 1000);
  metrics.redisMemory.set(memory.used);
  metrics.redisMemoryLimit.set(memory.max);
}
