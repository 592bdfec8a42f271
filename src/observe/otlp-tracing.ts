import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Context,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace as traceApi,
} from '@opentelemetry/api';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  type IdGenerator,
  ParentBasedSampler,
  RandomIdGenerator,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Trace } from '../core/trace.ts';
import { VERSION } from '../core/version.ts';
import { createSpanQueue } from './span-queue.ts';
import { type Attributes, FLUSH_MS, type SpanStart, type TraceSpan, type Tracing } from './tracing.ts';
import type { OtlpTracingOptions, TracingConfig, TracingOptions } from './tracing-options.ts';

/**
 * Makes spans with the SDK of OpenTelemetry, and sends them in batches. The SDK is registered nowhere: no
 * other package of the process makes spans with it.
 */
export function createTracing(options: OtlpTracingOptions): Tracing {
  const ids = new SeededIds();
  const provider = new TracerProvider({
    sampler: samplerOf(options.config),
    resource: resourceOf(options),
    idGenerator: ids,
    spanLimits: { attributeValueLengthLimit: MAX_VALUE_LENGTH },
    spanProcessors: [createSpanQueue(options)],
  });
  const tracer = provider.getTracer('gwm', VERSION);
  const current = new AsyncLocalStorage<OtlpSpan>();
  return {
    isOn: true,
    start: (start) => startSpan(start, current.getStore(), { tracer, ids }),
    within: (span, work) => (span instanceof OtlpSpan ? current.run(span, work) : work()),
    async close() {
      // A collector that is away must not hold up the end of the process.
      await Promise.race([provider.shutdown(), delay(FLUSH_MS, undefined, { ref: false })]).catch(() => {});
    },
  };
}

/** Ids and codes are shorter. The bound holds for what another program writes, such as a correlation id. */
const MAX_VALUE_LENGTH = 200;

class OtlpSpan implements TraceSpan {
  readonly trace: Trace;
  readonly #span: OtelSpan;

  /** @param tracestate of the parent. It goes on to others, and no span has it: a caller chose its words. */
  constructor(span: OtelSpan, tracestate: string | undefined) {
    const { traceId, spanId, traceFlags } = span.spanContext();
    const traceparent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
    this.#span = span;
    this.trace = { traceparent, ...(tracestate !== undefined && { tracestate }) };
  }

  get context(): Context {
    return traceApi.setSpan(ROOT_CONTEXT, this.#span);
  }

  set(attributes: Attributes): void {
    this.#span.setAttributes(attributes);
  }

  link(trace: Trace): void {
    this.#span.addLink({ context: spanContextOf(trace) });
  }

  end(errorType?: string): void {
    if (errorType !== undefined) {
      this.#span.setAttribute('error.type', errorType).setStatus({ code: SpanStatusCode.ERROR });
    }
    this.#span.end();
  }
}

const KINDS: Readonly<Record<SpanStart['kind'], SpanKind>> = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

interface Makers {
  readonly tracer: Tracer;
  readonly ids: SeededIds;
}

/** @param current the span in which the code runs */
function startSpan(start: SpanStart, current: OtlpSpan | undefined, { tracer, ids }: Makers): OtlpSpan {
  const { name, kind, parent, seed, attributes = {} } = start;
  const local = kind === 'client' || kind === 'producer' ? current : undefined;
  const context = local?.context ?? remoteContextOf(parent);
  // The conventions ask for a link to the context in which a message was made, also when it is the parent.
  const links = kind === 'consumer' && parent ? [{ context: spanContextOf(parent) }] : [];
  const options = { kind: KINDS[kind], attributes, links };
  const span = ids.with(seed, () => tracer.startSpan(name, options, context));
  return new OtlpSpan(span, (local?.trace ?? parent)?.tracestate);
}

function remoteContextOf(parent: Trace | undefined): Context {
  return parent ? traceApi.setSpanContext(ROOT_CONTEXT, spanContextOf(parent)) : ROOT_CONTEXT;
}

/** Trace ids at random, or made of a text. */
class SeededIds implements IdGenerator {
  readonly #random = new RandomIdGenerator();
  #seed: string | undefined;

  with<Result>(seed: string | undefined, start: () => Result): Result {
    this.#seed = seed;
    try {
      return start();
    } finally {
      this.#seed = undefined;
    }
  }

  generateTraceId(): string {
    if (this.#seed === undefined) return this.#random.generateTraceId();
    return createHash('sha256').update(this.#seed).digest('hex').slice(0, 32);
  }

  generateSpanId(): string {
    return this.#random.generateSpanId();
  }
}

function spanContextOf({ traceparent }: Trace): SpanContext {
  const [, traceId = '', spanId = '', flags = '00'] = traceparent.split('-');
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}

function samplerOf({ tracesSampler, tracesSampledPart }: TracingConfig): Sampler {
  const [, isParentBased, name] = /^(parentbased_)?(.*)$/.exec(tracesSampler) ?? [];
  const root = name === 'traceidratio' ? new TraceIdRatioBasedSampler(tracesSampledPart) : plain(name);
  return isParentBased === undefined ? root : new ParentBasedSampler({ root });
}

function plain(name: string | undefined): Sampler {
  return name === 'always_off' ? new AlwaysOffSampler() : new AlwaysOnSampler();
}

function resourceOf({ config, command, name }: TracingOptions) {
  const { tracesService, tracesResource = {} } = config;
  const service = tracesService ?? tracesResource['service.name'] ?? `gwm-${command}`;
  return defaultResource().merge(
    resourceFromAttributes({
      'service.instance.id': name,
      ...tracesResource,
      'service.name': service,
      'service.version': VERSION,
    }),
  );
}
