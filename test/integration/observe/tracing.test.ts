import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { createLogger } from '../../../src/observe/logger.ts';
import { openTracing } from '../../../src/observe/open-tracing.ts';
import { NO_TRACING, type SpanStart, type Tracing } from '../../../src/observe/tracing.ts';
import { type Collector, openCollector, tracesTo } from '../../support/collector.ts';
import { onEnd } from '../../support/lifetime.ts';
import { waitFor } from '../../support/wait-for.ts';

const CALLER = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const CALLER_UNSAMPLED = CALLER.replace(/01$/, '00');
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const RUN: SpanStart = { name: 'process x', kind: 'consumer' };
const REQUEST: SpanStart = { name: 'POST x', kind: 'client' };

interface Line {
  readonly msg: string;
  readonly reason: string;
  readonly lost: number;
}

async function setUp(more: Readonly<Record<string, string>> = {}, collector?: Collector) {
  const to = collector ?? (await openCollector());
  const lines: Line[] = [];
  const logger = createLogger('info', { write: (line: string) => void lines.push(JSON.parse(line)) });
  const config = loadConfig({ ...tracesTo(to), ...more });
  const tracing = await openTracing({ config, command: 'worker', name: 'worker-1', logger });
  onEnd(() => tracing.close());
  return { collector: to, tracing, lines };
}

/** Starts spans and ends them at once. */
function makeSpans(tracing: Tracing, count: number): void {
  for (let made = 0; made < count; made++) tracing.start(REQUEST).end();
}

describe('a span', () => {
  test('has its name, kind, times, attributes and process at the collector', async () => {
    const { collector, tracing } = await setUp({
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test%2C1,service.name=ignored',
      OTEL_SERVICE_NAME: 'sender',
    });

    const span = tracing.start({ ...RUN, attributes: { 'gwm.attempt': 2 } });
    span.set({ 'gwm.outcome': 'retry' });
    span.end('GENESYS_UNAVAILABLE');
    await tracing.close();

    expect(collector.spans).toHaveLength(1);
    const [{ startNs = 0n, endNs = 0n, ...received } = {}] = collector.spans;
    expect(received).toMatchObject({
      name: 'process x',
      kind: 'consumer',
      parentSpanId: '',
      attributes: { 'gwm.attempt': 2, 'gwm.outcome': 'retry', 'error.type': 'GENESYS_UNAVAILABLE' },
      events: [],
      links: [],
      isError: true,
      statusMessage: '',
      resource: {
        'service.name': 'sender',
        'service.instance.id': 'worker-1',
        'deployment.environment.name': 'test,1',
        'telemetry.sdk.language': 'nodejs',
      },
    });
    expect(startNs > 0n && endNs >= startNs).toBe(true);
    expect(span.trace?.traceparent).toBe(
      `00-${collector.spans[0]?.traceId}-${collector.spans[0]?.spanId}-01`,
    );
  });

  test('of another process is the child of the trace that it names, and has a link to it', async () => {
    const { collector, tracing } = await setUp();

    tracing.start({ ...RUN, parent: { traceparent: CALLER } }).end();
    await tracing.close();

    expect(collector.spans).toMatchObject([
      {
        traceId: TRACE_ID,
        parentSpanId: '00f067aa0ba902b7',
        links: [{ traceId: TRACE_ID, spanId: '00f067aa0ba902b7' }],
      },
    ]);
  });

  test('of a request is the child of the span in which the code runs, across awaits', async () => {
    const { collector, tracing } = await setUp();
    const [one, other] = [tracing.start(RUN), tracing.start(RUN)];
    const request = async () => {
      await new Promise(setImmediate);
      tracing.start({ ...REQUEST, parent: { traceparent: CALLER } }).end();
    };

    await Promise.all([tracing.within(one, request), tracing.within(other, request), request()]);
    await tracing.close();

    const idOf = (parent: typeof one) => parent.trace?.traceparent.split('-')[2];
    const parents = collector.spans.map(({ parentSpanId }) => parentSpanId);
    expect(parents.toSorted()).toEqual([idOf(one), idOf(other), '00f067aa0ba902b7'].toSorted());
  });

  test('of a run does not belong to the span in which the code runs', async () => {
    const { collector, tracing } = await setUp();

    tracing.within(tracing.start(RUN), () => tracing.start(RUN).end());
    await tracing.close();

    expect(collector.spans).toMatchObject([{ parentSpanId: '' }]);
  });

  test('without a parent has the trace id of its seed, the same in every process', async () => {
    const { collector, tracing } = await setUp();
    const { tracing: elsewhere } = await setUp({}, collector);

    for (const [each, seed] of [
      [tracing, 'j1'],
      [elsewhere, 'j1'],
      [tracing, 'j2'],
    ] as const)
      each.start({ ...RUN, seed }).end();
    tracing.start(RUN).end();
    await Promise.all([tracing.close(), elsewhere.close()]);

    const ids = collector.spans.map(({ traceId }) => traceId);
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(3);
  });

  test('passes tracestate on, and does not show it', async () => {
    const { collector, tracing } = await setUp();
    const run = tracing.start({ ...RUN, parent: { traceparent: CALLER, tracestate: 'v=canary' } });

    const request = tracing.within(run, () => tracing.start(REQUEST));
    request.end();
    run.end();
    await tracing.close();

    expect([run.trace?.tracestate, request.trace?.tracestate]).toEqual(['v=canary', 'v=canary']);
    expect(collector.spans).toHaveLength(2);
    expect(collector.requests.map(({ body }) => body.toString('latin1')).join()).not.toContain('canary');
  });

  test('that never ends is never sent', async () => {
    const { collector, tracing } = await setUp();

    tracing.start(RUN);
    await tracing.close();

    expect(collector.requests).toEqual([]);
  });
});

describe('the sampler', () => {
  test.for([
    ['parentbased_always_on', [CALLER]],
    ['parentbased_always_off', [CALLER]],
    ['always_on', [CALLER, CALLER_UNSAMPLED]],
    ['always_off', []],
    ['parentbased_traceidratio', [CALLER]],
    ['traceidratio', []],
  ] as const)('%s records of the traces of callers: %s', async ([sampler, recorded]) => {
    const { collector, tracing } = await setUp({
      OTEL_TRACES_SAMPLER: sampler,
      OTEL_TRACES_SAMPLER_ARG: '0',
    });

    const made = [CALLER, CALLER_UNSAMPLED].map((traceparent) => {
      const span = tracing.start({ ...RUN, parent: { traceparent } });
      span.end();
      return span.trace?.traceparent ?? '';
    });
    await tracing.close();

    expect(collector.spans).toHaveLength(recorded.length);
    // Others learn the decision, and the trace id goes on in either case.
    const flags = made.map((traceparent) => traceparent.slice(-2));
    expect(flags.filter((flag) => flag === '01')).toHaveLength(recorded.length);
    for (const traceparent of made) expect(traceparent).toContain(TRACE_ID);
  });

  test.for([
    ['1', 1],
    ['0', 0],
  ] as const)('with the part %s records %i of one trace that begins here', async ([part, count]) => {
    const { collector, tracing } = await setUp({
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: part,
    });

    makeSpans(tracing, 1);
    await tracing.close();

    expect(collector.spans).toHaveLength(count);
  });
});

describe('the collector', () => {
  test('gets protobuf at /v1/traces, with the headers and the compression of the settings', async () => {
    const { collector, tracing } = await setUp({
      OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=a%3Db, x-team=blue',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    });

    makeSpans(tracing, 1);
    await tracing.close();

    expect(collector.requests).toMatchObject([
      {
        path: '/v1/traces',
        headers: {
          'content-type': 'application/x-protobuf',
          'content-encoding': 'gzip',
          'x-api-key': 'a=b',
          'x-team': 'blue',
        },
      },
    ]);
    expect(collector.spans).toHaveLength(1);
  });

  test('may have an address of its own for traces', async () => {
    const collector = await openCollector();
    const own = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/own/path` };
    const { tracing } = await setUp(own, collector);

    makeSpans(tracing, 1);
    await tracing.close();

    expect(collector.requests.map(({ path }) => path)).toEqual(['/own/path']);
  });

  test('gets full batches at once, and the rest after a wait', async () => {
    const { collector, tracing } = await setUp({ OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '2' });

    makeSpans(tracing, 5);

    await collector.until('all spans', (spans) => spans.length === 5);
    expect(collector.requests).toHaveLength(3);
  });

  test('gets what is left at the end of the process', async () => {
    const { collector, tracing, lines } = await setUp({
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '2',
      OTEL_BSP_MAX_QUEUE_SIZE: '20',
    });

    makeSpans(tracing, 20);
    await tracing.close();

    expect([collector.spans.length, lines]).toEqual([20, []]);
  });

  test('that does not answer holds nothing up: what does not fit into the queue is lost', async () => {
    const { collector, tracing, lines } = await setUp({ OTEL_BSP_MAX_QUEUE_SIZE: '3' });
    collector.answers(undefined);

    makeSpans(tracing, 10);
    await tracing.close();

    expect(collector.requests).toHaveLength(1);
    expect(lines).toMatchObject([
      { msg: 'trace spans did not reach the collector', reason: 'the queue is full', lost: 1 },
    ]);
  });

  test('that is back gets further spans', async () => {
    const { collector, tracing, lines } = await setUp({ OTEL_BSP_MAX_QUEUE_SIZE: '1' });
    collector.answers(400);
    makeSpans(tracing, 1);
    await waitFor(() => lines.length > 0, { what: 'the loss' });
    collector.answers(200);

    makeSpans(tracing, 1);

    await collector.until('the second span', (spans) => spans.length === 1);
  });

  test.for([
    ['refuses spans', 400, '400'],
    ['redirects', 302, '302'],
  ] as const)('that %s: the loss is logged with its status alone', async ([, status, reason]) => {
    const { collector, tracing, lines } = await setUp();
    collector.answers(status);

    makeSpans(tracing, 2);
    await tracing.close();

    expect(lines).toMatchObject([{ reason, lost: 2 }]);
  });

  test('that is not there: the loss is logged, and the process ends', async () => {
    const { tracing, lines } = await setUp({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      OTEL_EXPORTER_OTLP_TIMEOUT: '100',
    });

    makeSpans(tracing, 2);

    await waitFor(() => lines.length > 0, { what: 'the loss' });
    expect(lines).toMatchObject([{ lost: 2 }]);
    await tracing.close();
  });
});

describe('tracing is off', () => {
  test.for([
    ['without a collector', { OTEL_EXPORTER_OTLP_ENDPOINT: '' }],
    ['with OTEL_SDK_DISABLED', { OTEL_SDK_DISABLED: 'TRUE' }],
    ['with the exporter none', { OTEL_TRACES_EXPORTER: 'none' }],
  ] as const)('%s', async ([, environment]) => {
    const { tracing } = await setUp(environment);

    expect(tracing).toBe(NO_TRACING);
  });

  test('makes spans that say nothing, and runs the work', () => {
    const span = NO_TRACING.start(RUN);

    span.set({ 'gwm.attempt': 1 });
    span.end();
    expect(span.trace).toBeUndefined();
    expect(NO_TRACING.within(span, () => 17)).toBe(17);
  });
});
