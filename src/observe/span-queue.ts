import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  BatchSpanProcessor,
  type ReadableSpan,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import { createLogThrottle } from './throttle.ts';
import type { OtlpTracingOptions } from './tracing-options.ts';

/** From one log line to the next about lost spans, ms. */
const REPORT_EVERY_MS = 60_000;

/**
 * Sends spans to the collector in batches, one batch at a time. While the collector is away or too slow,
 * the queue fills up, and further spans are lost. Each loss is counted and logged. No job waits for it.
 */
export function createSpanQueue(options: OtlpTracingOptions): SpanProcessor {
  const { tracesQueueSize, tracesBatchSize, tracesDelayMs, tracesTimeoutMs } = options.config;
  const throttle = createLogThrottle({ logger: options.logger, everyMs: REPORT_EVERY_MS });
  let waiting = 0;
  let lost = 0;
  const lose = (spans: number, reason: string) => {
    lost += spans;
    throttle.warn({ reason, lost }, 'trace spans did not reach the collector');
  };
  const exporter = createExporter(options);
  const reporting: SpanExporter = {
    export(spans, done) {
      exporter.export(spans, (result) => {
        waiting -= spans.length;
        if (result.code !== ExportResultCode.SUCCESS) lose(spans.length, reasonOf(result));
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush(),
  };
  const batches = new BatchSpanProcessor({
    exporter: reporting,
    maxQueueSize: tracesQueueSize,
    maxExportBatchSize: Math.min(tracesBatchSize, tracesQueueSize),
    scheduledDelayMillis: tracesDelayMs,
    exportTimeoutMillis: tracesTimeoutMs + GRACE_MS,
  });
  return {
    onStart() {},
    onEnd(span: ReadableSpan) {
      if (waiting >= tracesQueueSize) return lose(1, 'the queue is full');
      waiting++;
      batches.onEnd(span);
    },
    forceFlush: () => batches.forceFlush(),
    shutdown: () => batches.shutdown(),
  };
}

/** The exporter ends an export by itself, and says why. The processor must not end it before. */
const GRACE_MS = 1000;

function createExporter({ config, url }: OtlpTracingOptions): OTLPTraceExporter {
  const { tracesHeaders, tracesTimeoutMs, tracesCompression, tracesQueueSize, tracesBatchSize } = config;
  return new OTLPTraceExporter({
    url,
    headers: { ...tracesHeaders },
    timeoutMillis: tracesTimeoutMs,
    compression: tracesCompression as never,
    // At the end of the process all batches go at the same time.
    concurrencyLimit: 1 + Math.ceil(tracesQueueSize / tracesBatchSize),
  });
}

/** A status or a code of the network. The words of the collector may quote what it got. */
function reasonOf({ error }: ExportResult): string {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return code === undefined ? 'no answer in time' : String(code);
}
