import type { Config } from '../config/settings.ts';
import { createMetrics, type Metrics } from '../observe/metrics.ts';
import { type MetricsServer, openMetricsServer } from '../observe/metrics-server.ts';
import { createWebhookRecords } from '../webhooks/records.ts';
import type { SurveyParts } from './survey.ts';
import { createSurveyMetrics } from './survey-metrics.ts';

export interface OpenMetricsParts extends Omit<SurveyParts, 'records'> {
  readonly config: Pick<Config, 'metricsHost' | 'metricsPort'>;
  /** What this process counts itself; nothing by default. */
  readonly metrics?: Metrics;
}

/** Serves the metrics of this process, and those of the installation, if METRICS_PORT is set. */
export async function openMetrics(parts: OpenMetricsParts): Promise<MetricsServer | undefined> {
  const { config, metrics = createMetrics(), client, keys } = parts;
  const { metricsHost: host, metricsPort: port } = config;
  if (port === undefined) return undefined;
  const refresh = createSurveyMetrics({ ...parts, metrics, records: createWebhookRecords(client, keys) });
  return await openMetricsServer({ host, port, registry: metrics.registry, refresh });
}
