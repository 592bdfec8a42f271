import { describe, expect, test } from 'vitest';
import { embed, GUIDE_WIDGET } from '../../support/guides/embed.ts';
import { logOf, startWorker } from '../../support/gwm.ts';
import { message, openSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { KIND, readTag, setEmbedStage } from './embed-stage.ts';

const stage = setEmbedStage();

describe('an embed code', () => {
  test('is made from the widget and the job, and is stored with the job', async () => {
    const { state, attemptsMade, result, jobId } = await stage.run();

    expect([state, attemptsMade]).toEqual(['completed', 1]);
    expect(result).toEqual({
      widgetId: GUIDE_WIDGET,
      generatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      payloadBytes: expect.any(Number),
      requestMs: expect.any(Number),
      scriptTag: expect.stringMatching(/^<script src=".*" data-config=".*" async defer><\/script>$/),
    });
    expect(await stage.system.sandbox.requests('widget.read')).toMatchObject([
      { status: 200, tenant: stage.tenantId, requestId: jobId, sequence: null },
    ]);
  });

  test('has all data of the job, and the place and time of its making', async () => {
    const { result } = await stage.run();

    const { src, payload } = readTag(result);
    expect(src).toBe(
      `${stage.system.sandbox.url}/api/v2/messaging/webmessaging/widgets/${GUIDE_WIDGET}/script`,
    );
    const { locales, customAttributes, theme } = embed();
    expect(payload).toEqual({
      widgetId: GUIDE_WIDGET,
      environment: 'us-east-1',
      locales,
      customAttributes,
      theme,
      generatedAt: (result as { generatedAt: string }).generatedAt,
      version: '2.1',
    });
    expect((result as { payloadBytes: number }).payloadBytes).toBe(JSON.stringify(payload).length);
  });

  test('names the environment of the widget', async () => {
    await stage.setWidget({ environment: 'eu-central-1' });

    const { result } = await stage.run();

    expect(readTag(result).payload).toMatchObject({ environment: 'eu-central-1' });
  });

  test('of a widget with special characters in its id has the address of that widget', async () => {
    const widgetId = `o'brien/"<é>?#`;
    await stage.setWidget({ id: widgetId }, widgetId);

    const { result } = await stage.run({ widgetId });

    const { src, payload } = readTag(result);
    expect(decodeURIComponent(new URL(src).pathname.split('/').at(-2) ?? '')).toBe(widgetId);
    expect(payload).toMatchObject({ widgetId });
  });

  test('is in no log line, unlike its size', async () => {
    const { jobId } = await stage.run({ customAttributes: { note: 'canary' } });

    const line = await waitFor(
      () => stage.worker.stdout.find((text) => text.includes(jobId) && text.includes('job.done')),
      {
        what: 'the log line',
      },
    );
    expect(JSON.parse(line)).toMatchObject({
      kind: KIND,
      tenantId: stage.tenantId,
      widgetId: GUIDE_WIDGET,
      latencyMs: expect.any(Number),
      result: { payloadBytes: expect.any(Number) },
    });
    expect(stage.worker.stdout.join()).not.toMatch(/data-config|canary/);
  });

  test('stays the same if the queue runs the job again', async () => {
    const { jobId, result } = await stage.run();

    await (await stage.system.queues.of(KIND, stage.tenantId).getJob(jobId))?.retry('completed');
    await waitFor(() => logOf(stage.worker).filter((line) => line.jobId === jobId).length > 1, {
      what: 'another run',
    });

    expect(await stage.system.ended(jobId, { kind: KIND, tenantId: stage.tenantId })).toMatchObject({
      result,
    });
    expect(await stage.system.sandbox.requests('widget.read')).toHaveLength(1);
  });
});

describe('the embed codes of one widget', () => {
  test('are made in the order of acceptance, also with a retry', async () => {
    await stage.injectTimes(1, { status: 503 });
    const first = await stage.enqueue();
    const second = await stage.enqueue();

    await stage.ended(first);
    await stage.ended(second);

    const requests = await stage.system.sandbox.requests('widget.read');
    expect(requests.map(({ requestId, status }) => [requestId, status])).toEqual([
      [first, 503],
      [first, 200],
      [second, 200],
    ]);
  });

  test('wait for no other widget, and for no conversation with the same id', async () => {
    await stage.system.sandbox.inject({ operations: { 'widget.read': { hang: 1 } } });
    const hanging = await stage.enqueue();
    await waitFor(async () => (await stage.system.sandbox.requests('widget.read')).length > 0, {
      what: 'a request',
    });
    await stage.system.sandbox.inject({});

    const other = await stage.run({ widgetId: 'widget-without-localeFallback' });
    const { jobIds } = await stage.system
      .openProducer()
      .enqueue('message-transmission', message({ tenantId: stage.tenantId, conversationId: GUIDE_WIDGET }));

    expect(other.failedReason).toMatch(/^WIDGET_FEATURES_MISSING/);
    expect(await stage.system.ended(jobIds[0], { tenantId: stage.tenantId })).toMatchObject({
      state: 'completed',
    });
    expect(await stage.ended(hanging)).toMatchObject({ state: 'completed', attemptsMade: 2 });
  });
});

describe('an embed job', () => {
  test('is a dead letter without a request if it is too old', async () => {
    const { state, failedReason } = await stage.system.expire(KIND, embed({ tenantId: stage.tenantId }));

    expect([state, failedReason]).toEqual(['failed', expect.stringMatching(/^JOB_EXPIRED: /)]);
    expect(await stage.system.sandbox.requests('widget.read')).toEqual([]);
  });

  test('runs on another worker after a kill, although its tenant holds jobs with an unknown outcome', async () => {
    const own = await openSystem({
      tenants: [{ id: 'acme', onUnknownOutcome: 'hold' }],
      environment: { REQUEST_TIMEOUT: '500ms', LOCK_DURATION: '1s' },
    });
    await own.sandbox.inject({ operations: { 'widget.read': { hang: 1 } } });
    const victim = await startWorker(own);
    const { jobIds } = await own.openProducer().enqueue(KIND, embed());
    await waitFor(async () => (await own.sandbox.requests('widget.read')).length > 0, {
      what: 'the request',
    });

    victim.kill('SIGKILL');
    await victim.exit;
    await own.sandbox.inject({});
    await startWorker(own);

    expect(await own.ended(jobIds[0], { kind: KIND })).toMatchObject({ state: 'completed', attemptsMade: 1 });
  });

  test('with a known idempotency key is a duplicate', async () => {
    const producer = stage.system.openProducer();
    const data = embed({ tenantId: stage.tenantId, idempotencyKey: 'campaign-1' });

    expect(await producer.enqueue(KIND, data)).toMatchObject({ status: 'accepted' });
    expect(await producer.enqueue(KIND, data)).toMatchObject({ status: 'duplicate' });
  });
});
