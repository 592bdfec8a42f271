import { describe, expect, test } from 'vitest';
import { ROUNDING_MS } from '../../support/clock.ts';
import { embed, GUIDE_WIDGET } from '../../support/guides/embed.ts';
import { logOf, startWorker } from '../../support/gwm.ts';
import { message, openSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { KIND, readTag, setEmbedStage } from './embed-stage.ts';

const stage = setEmbedStage();

describe('the job is a dead letter at once for', () => {
  test('a missing widget', async () => {
    expect(await refused({ widgetId: 'widget-unknown' })).toMatch(
      /^NOT_FOUND: widget\.read: Genesys Cloud answered 404 not\.found/,
    );
  });

  test.each(['webMessagingV2', 'localeFallback', 'customAttributeRouting'])(
    'a widget without %s',
    async (feature) => {
      expect(await refused({ widgetId: `widget-without-${feature}` })).toBe(
        `WIDGET_FEATURES_MISSING: widget.read: the widget lacks ${feature}`,
      );
    },
  );

  test('a widget without features, all of which it names', async () => {
    await stage.setWidget({ configuration: {} });

    expect(await refused()).toBe(
      'WIDGET_FEATURES_MISSING: widget.read: the widget lacks webMessagingV2, localeFallback, customAttributeRouting',
    );
  });

  test('a malformed widget', async () => {
    expect(await refused({ widgetId: 'widget-malformed' })).toBe(
      'WIDGET_MALFORMED: widget.read: the widget has an unexpected shape: ' +
        'configuration: expected object, received null; status: expected string, but it is missing',
    );
  });

  test('an empty answer', async () => {
    await stage.system.sandbox.setWidget(stage.tenantId, GUIDE_WIDGET, null);

    expect(await refused()).toMatch(/^WIDGET_MALFORMED: .*expected object, received null/);
  });

  test('another widget than the requested one', async () => {
    await stage.setWidget({ id: 'another' });

    expect(await refused()).toMatch(/^WIDGET_MALFORMED: .*describes another widget than the one asked for$/);
  });

  test('a widget with too long a description', async () => {
    await stage.setWidget({ name: 'x'.repeat(300_000) });

    const { failedReason, attemptsMade } = await stage.run();

    expect(failedReason).toMatch(/^ANSWER_MALFORMED: widget\.read: the answer is longer than 262144 bytes/);
    expect(attemptsMade).toBe(1);
  });
});

describe('an oversized payload', () => {
  test('makes a dead letter with the size of each part, also if only the region makes it too large', async () => {
    // The producer accepts the job. The name of the region makes the payload too large.
    const note = 'x'.repeat(32_768 - JSON.stringify(payloadWithout('note')).length);

    const { state, attemptsMade, failedReason } = await stage.run({ customAttributes: { note } });

    expect([state, attemptsMade]).toEqual(['failed', 1]);
    expect(failedReason).toBe(
      `EMBED_TOO_LARGE: the payload may have 32768 bytes of JSON, and has 32777: customAttributes ${note.length + 11}, theme 59, locales 40, the rest 170`,
    );
  });

  test('is accepted if it has exactly the maximum size', async () => {
    const region = 'us-east-1'.length;
    const note = 'x'.repeat(32_768 - region - JSON.stringify(payloadWithout('note')).length);

    const { state, result } = await stage.run({ customAttributes: { note } });

    expect(state).toBe('completed');
    expect(result).toMatchObject({ payloadBytes: 32_768 });
    expect(readTag(result).payload).toMatchObject({ customAttributes: { note } });
  });
});

describe('an answer of Genesys Cloud', () => {
  test('with 403 has the name of the scope', async () => {
    await stage.injectTimes(1, { status: 403 });

    expect(await refused()).toMatch(/^SCOPE_MISSING: .*it needs the scope messaging:webmessaging:read/);
  });

  test('with 403 for an OAuth client without the scope does not stop its messages', async () => {
    const scopes = ['messaging:conversation:write', 'messaging:conversation:read'];
    const own = await openSystem({ tenants: [{ id: 'acme', scopes }] });
    await startWorker(own);
    const producer = own.openProducer();

    const refused = await producer.enqueue(KIND, embed());
    const sent = await producer.enqueue('message-transmission', message());

    expect(await own.ended(refused.jobIds[0], { kind: KIND })).toMatchObject({
      state: 'failed',
      failedReason: expect.stringMatching(/^SCOPE_MISSING: .*messaging:webmessaging:read/),
    });
    expect(await own.ended(sent.jobIds[0])).toMatchObject({ state: 'completed' });
  });

  test.each([408, 500, 502, 503, 504])('with %i leads to another request', async (status) => {
    stage.usePatientTenant();
    await stage.injectTimes(2, { status });

    expect(await stage.run()).toMatchObject({ state: 'completed', attemptsMade: 3 });
  });

  test('with 429 pauses the bucket for its time, and costs no attempt', async () => {
    await stage.injectTimes(1, { status: 429, retryAfterSeconds: 1 });

    expect(await stage.run()).toMatchObject({ state: 'completed', attemptsMade: 1 });

    const [first, second] = await stage.system.sandbox.requests('widget.read');
    expect(Date.parse(second?.at ?? '') - Date.parse(first?.at ?? '')).toBeGreaterThanOrEqual(
      1000 - ROUNDING_MS,
    );
  });

  test('with 401 makes the worker fetch a new access token', async () => {
    await stage.run();
    await stage.system.sandbox.revokeTokens(stage.tenantId);

    expect(await stage.run({ theme: {} })).toMatchObject({ state: 'completed', attemptsMade: 1 });
  });

  test('that misses its time leads to another request', async () => {
    stage.usePatientTenant();
    await stage.system.sandbox.inject({ operations: { 'widget.read': { hang: 1 } } });
    const jobId = await stage.enqueue();
    await waitFor(async () => (await stage.system.sandbox.requests('widget.read')).length > 0, {
      what: 'a request',
    });
    await stage.system.sandbox.inject({});

    expect(await stage.ended(jobId)).toMatchObject({ state: 'completed', attemptsMade: 2 });
  });

  test('with an incomplete body leads to another request, because the request changes nothing', async () => {
    stage.usePatientTenant();
    await stage.system.sandbox.inject({ operations: { 'widget.read': { slowBodyMs: 60_000 } } });
    const jobId = await stage.enqueue();
    await waitFor(async () => (await stage.system.sandbox.requests('widget.read')).length > 0, {
      what: 'a request',
    });
    await stage.system.sandbox.inject({});

    expect(await stage.ended(jobId)).toMatchObject({ state: 'completed', attemptsMade: 2 });
  });

  test('pauses the platform bucket only, and messages continue', async () => {
    await stage.injectTimes(1, { status: 429, retryAfterSeconds: 2 });
    const jobId = await stage.enqueue();
    await waitFor(
      () => logOf(stage.worker).some((line) => line.jobId === jobId && line.error?.code === 'RATE_LIMITED'),
      {
        what: 'the 429',
      },
    );

    const { jobIds } = await stage.system
      .openProducer()
      .enqueue('message-transmission', message({ tenantId: stage.tenantId }));

    expect(await stage.system.ended(jobIds[0], { tenantId: stage.tenantId })).toMatchObject({
      state: 'completed',
    });
    expect(await stage.system.queues.of(KIND, stage.tenantId).getJobState(jobId)).toBe('delayed');
    expect(await stage.ended(jobId)).toMatchObject({ state: 'completed' });
  });
});

/** The reason of a dead letter after one attempt. */
async function refused(fields: object = {}): Promise<string | undefined> {
  const { state, attemptsMade, failedReason } = await stage.run(fields);
  expect([state, attemptsMade]).toEqual(['failed', 1]);
  return failedReason;
}

/** The payload of the sample job without the name of its region, and with an empty attribute. */
function payloadWithout(attribute: string): object {
  const { widgetId, locales, theme } = embed();
  const customAttributes = { [attribute]: '' };
  return {
    widgetId,
    environment: '',
    locales,
    customAttributes,
    theme,
    generatedAt: '2026-01-01T00:00:00Z',
    version: '2.1',
  };
}
