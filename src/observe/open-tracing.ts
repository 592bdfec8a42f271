import type { Config } from '../config/settings.ts';
import type { Logger } from './logger.ts';
import { NO_TRACING, type Tracing } from './tracing.ts';

/** The settings of traces. */
export type TracingConfig = Pick<
  Config,
  | 'tracesEndpoint'
  | 'tracesOwnEndpoint'
  | 'tracesHeaders'
  | 'tracesTimeoutMs'
  | 'tracesCompression'
  | 'tracesExporter'
  | 'tracesDisabled'
  | 'tracesSampler'
  | 'tracesSampledPart'
  | 'tracesService'
  | 'tracesResource'
  | 'tracesQueueSize'
  | 'tracesBatchSize'
  | 'tracesDelayMs'
>;

export interface TracingOptions {
  readonly config: TracingConfig;
  /** The command of the process. */
  readonly command: 'serve' | 'worker';
  /** The name of the process. */
  readonly name: string;
  /** Hears of spans that the collector does not get. */
  readonly logger: Pick<Logger, 'warn'>;
}

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
