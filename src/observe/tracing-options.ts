import type { Config } from '../config/settings.ts';
import type { Logger } from './logger.ts';

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

/** Tracing is on. */
export interface OtlpTracingOptions extends TracingOptions {
  /** Address of the collector for traces. */
  readonly url: string;
}
