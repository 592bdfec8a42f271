import type { Config } from '../config/settings.ts';
import { createMetrics, type Metrics } from '../observe/metrics.ts';
import { type MetricsServer, openMetricsServer, type Probes } from '../observe/metrics-server.ts';
import { createWebhookRecords } from '../webhooks/records.ts';
import type { SurveyParts } from './survey.ts';
import { createSurveyMetrics } from './survey-metrics.ts';

export interface ShowMetricsParts extends Omit<SurveyParts, 'records'> {
  /** What this process counts itself; nothing by default. */
  readonly metrics?: Metrics;
}

/**
 * Opens the server of metrics and probes, if METRICS_PORT is set. `/metrics` has no metrics before
 * {@link showMetrics}.
 * @throws {OperatorError} when it cannot listen.
 */
export async function openMetrics(
  { metricsHost: host, metricsPort: port }: Pick<Config, 'metricsHost' | 'metricsPort'>,
  probes?: Probes,
): Promise<MetricsServer | undefined> {
  if (port === undefined) return undefined;
  return await openMetricsServer({ host, port, ...(probes && { probes }) });
}

/** Shows the metrics of this process, and those of the installation. */
export function showMetrics(server: MetricsServer | undefined, parts: ShowMetricsParts): void {
  const { metrics = createMetrics(), client, keys } = parts;
  const refresh = createSurveyMetrics({ ...parts, metrics, records: createWebhookRecords(client, keys) });
  server?.show({ registry: metrics.registry, refresh });
}
