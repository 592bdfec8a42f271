import { NO_TRACING, type Tracing } from './tracing.ts';
import type { TracingConfig, TracingOptions } from './tracing-options.ts';

/** Starts tracing when the settings name a collector. Without one, no package of OpenTelemetry is loaded. */
export async function openTracing(options: TracingOptions): Promise<Tracing> {
  const url = collectorUrl(options.config);
  if (url === undefined) return NO_TRACING;
  const { createTracing } = await import('./otlp-tracing.ts');
  return createTracing({ ...options, url });
}

/** Where spans go. Undefined: tracing is off. */
export function collectorUrl(config: TracingConfig): string | undefined {
  const { tracesDisabled, tracesExporter, tracesOwnEndpoint, tracesEndpoint } = config;
  if (tracesDisabled || tracesExporter === 'none') return undefined;
  if (tracesOwnEndpoint !== undefined) return tracesOwnEndpoint;
  return tracesEndpoint === undefined ? undefined : `${tracesEndpoint.replace(/\/$/, '')}/v1/traces`;
}
