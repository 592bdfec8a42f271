import { choice, collectorUrl, flag, integer, pairs, part, text } from './kinds.ts';
import { optional, setting } from './setting.ts';

/**
 * The standard variables of OpenTelemetry. Their times are milliseconds, as the specification has them.
 */
export const TRACES_SETTINGS = {
  tracesEndpoint: optional({
    env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    group: 'Traces',
    description:
      'Address of an OpenTelemetry collector, such as http://127.0.0.1:4318; the spans go to /v1/traces there. Workers and `gwm serve` make no spans without it (docs/traces.md).',
    schema: collectorUrl(),
    secret: true,
  }),
  tracesOwnEndpoint: optional({
    env: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    group: 'Traces',
    description: 'The whole address for traces, in the place of OTEL_EXPORTER_OTLP_ENDPOINT.',
    schema: collectorUrl(),
    secret: true,
  }),
  tracesHeaders: optional({
    env: 'OTEL_EXPORTER_OTLP_HEADERS',
    group: 'Traces',
    description:
      'Headers of each request to the collector, such as `x-api-key=…`; pairs separated by commas, percent-encoded.',
    schema: pairs(),
    secret: true,
  }),
  tracesProtocol: setting({
    env: 'OTEL_EXPORTER_OTLP_PROTOCOL',
    group: 'Traces',
    description: 'Protocol of the collector. There is no other one.',
    default: 'http/protobuf',
    schema: choice('http/protobuf'),
  }),
  tracesCompression: setting({
    env: 'OTEL_EXPORTER_OTLP_COMPRESSION',
    group: 'Traces',
    description: 'Compression of the requests to the collector: none, gzip.',
    default: 'none',
    schema: choice('none', 'gzip'),
  }),
  tracesTimeoutMs: setting({
    env: 'OTEL_EXPORTER_OTLP_TIMEOUT',
    group: 'Traces',
    description:
      'Longest time to hand one batch of spans to the collector, its repetitions included; milliseconds.',
    default: '10000',
    schema: integer(100, 600_000),
  }),
  tracesExporter: setting({
    env: 'OTEL_TRACES_EXPORTER',
    group: 'Traces',
    description: '`none`: no spans, also with a collector.',
    default: 'otlp',
    schema: choice('otlp', 'none'),
  }),
  tracesDisabled: setting({
    env: 'OTEL_SDK_DISABLED',
    group: 'Traces',
    description: '`true`: the same.',
    default: 'false',
    schema: flag(),
  }),
  tracesSampler: setting({
    env: 'OTEL_TRACES_SAMPLER',
    group: 'Traces',
    description:
      'Which traces are recorded: always_on, always_off, traceidratio; with parentbased_ in front, the caller decides about a trace that it has begun.',
    default: 'parentbased_always_on',
    schema: choice(
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
      'always_on',
      'always_off',
      'traceidratio',
    ),
  }),
  tracesSampledPart: setting({
    env: 'OTEL_TRACES_SAMPLER_ARG',
    group: 'Traces',
    description: 'For traceidratio: the part of the traces that is recorded, from 0 to 1.',
    default: '1',
    schema: part(),
  }),
  tracesService: optional({
    env: 'OTEL_SERVICE_NAME',
    group: 'Traces',
    description: 'Name of the process in traces; `gwm-serve` or `gwm-worker` without it.',
    schema: text('at most 200 printable ASCII characters', /^[\x20-\x7e]{1,200}$/),
  }),
  tracesResource: optional({
    env: 'OTEL_RESOURCE_ATTRIBUTES',
    group: 'Traces',
    description:
      'Further attributes of the process in traces, such as `deployment.environment.name=production`; pairs separated by commas, percent-encoded.',
    schema: pairs(),
  }),
  tracesQueueSize: setting({
    env: 'OTEL_BSP_MAX_QUEUE_SIZE',
    group: 'Traces',
    description:
      'Most spans that wait for the collector. Further ones are lost, and a process logs how many. A span takes about one kilobyte.',
    default: '2048',
    schema: integer(1, 1_000_000),
  }),
  tracesBatchSize: setting({
    env: 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
    group: 'Traces',
    description: 'Most spans of one request to the collector; at most OTEL_BSP_MAX_QUEUE_SIZE counts.',
    default: '512',
    schema: integer(1, 100_000),
  }),
  tracesDelayMs: setting({
    env: 'OTEL_BSP_SCHEDULE_DELAY',
    group: 'Traces',
    description: 'How long a span waits for others, milliseconds. A full batch goes at once.',
    default: '5000',
    schema: integer(1, 600_000),
  }),
} as const;
