import { describe, expect, test } from 'vitest';
import { GUIDE_WIDGET_ID } from '../../../../src/sandbox/webmessaging/widgets.ts';
import { openStage, type Stage } from '../caller.ts';

const pathOf = (widgetId: string) => `/api/v2/messaging/webmessaging/widgets/${widgetId}`;
const FEATURES = ['webMessagingV2', 'localeFallback', 'customAttributeRouting'];

async function readWidget(
  stage: Stage,
  widgetId: string,
  { tenant = 'acme', scope }: { tenant?: string; scope?: string } = {},
) {
  const token = await stage.tokenOf(tenant, scope);
  return stage.call(pathOf(widgetId), { headers: { authorization: `Bearer ${token}` } });
}

async function setWidget(stage: Stage, change: unknown) {
  return stage.call('/__sandbox/widgets', { method: 'PUT', body: JSON.stringify(change) });
}

describe('a widget', () => {
  test('has the documented fields, and every feature that embedding needs', async () => {
    await using stage = await openStage();
    const { status, body } = await readWidget(stage, GUIDE_WIDGET_ID);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: GUIDE_WIDGET_ID,
      name: expect.any(String),
      status: 'active',
      configuration: { theme: {}, features: FEATURES },
    });
  });

  test.each(FEATURES)('without %s is among the samples, and has all other features', async (feature) => {
    await using stage = await openStage();
    const { body } = await readWidget(stage, `widget-without-${feature}`);
    expect(body.configuration.features).toEqual(FEATURES.filter((name) => name !== feature));
  });

  test('is among the samples in a malformed form', async () => {
    await using stage = await openStage();
    const { status, body } = await readWidget(stage, 'widget-malformed');
    expect([status, body.configuration, body.status]).toEqual([200, null, undefined]);
  });

  test.each(['widget-unknown', 'toString', '__proto__', 'a%2fb'])(
    'with the unknown id %s is answered 404 in the shape of the API',
    async (widgetId) => {
      await using stage = await openStage();
      const { status, body } = await readWidget(stage, widgetId);
      expect([status, body.code, body.status]).toEqual([404, 'not.found', 404]);
      expect(stage.sandbox.stats()).toMatchObject({ byOperation: { 'widget.read': { rejected: 1 } } });
    },
  );

  test('does not count as a delivery, but under its own name', async () => {
    await using stage = await openStage();
    await readWidget(stage, GUIDE_WIDGET_ID);
    expect(stage.sandbox.stats()).toMatchObject({
      accepted: 0,
      byOperation: { 'widget.read': { accepted: 1 }, 'message.send': { accepted: 0 } },
    });
  });

  test('requires the scope, which the answer names', async () => {
    await using stage = await openStage();
    const { status, body } = await readWidget(stage, GUIDE_WIDGET_ID, {
      scope: 'messaging:conversation:read',
    });
    expect([status, body.code]).toEqual([403, 'missing.permissions']);
    expect(body.messageParams).toEqual({ permissions: 'messaging:webmessaging:read' });
  });

  test('requires a token', async () => {
    await using stage = await openStage();
    expect((await stage.call(pathOf(GUIDE_WIDGET_ID))).status).toBe(401);
  });

  test('meets injected faults', async () => {
    await using stage = await openStage();
    await stage.inject({ operations: { 'widget.read': { errors: [{ status: 503, rate: 1, times: 1 }] } } });
    expect((await readWidget(stage, GUIDE_WIDGET_ID)).status).toBe(503);
    expect((await readWidget(stage, GUIDE_WIDGET_ID)).status).toBe(200);
  });
});

describe('the rate limit of widgets', () => {
  test('is 300 per minute, apart from the limit of messages', async () => {
    await using stage = await openStage();
    const token = await stage.tokenOf('acme');
    const read = () => stage.call(pathOf(GUIDE_WIDGET_ID), { headers: { authorization: `Bearer ${token}` } });
    const replies = await Promise.all(Array.from({ length: 301 }, read));
    const refused = replies.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(1);
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
    expect((await stage.send(token)).headers.get('x-ratelimit-remaining')).toBe('99');
    stage.clock.advance(0.2);
    expect([(await read()).status, (await read()).status]).toEqual([200, 429]);
  });
});

describe('PUT /__sandbox/widgets', () => {
  test.each([
    ['another shape', { id: 'w-1', features: 'none' }],
    ['nothing', null],
    ['a list', [1, 2]],
  ])('sets %s as a widget, unchanged', async (_what, widget) => {
    await using stage = await openStage();
    expect((await setWidget(stage, { tenant: 'acme', widgetId: 'w-1', widget })).status).toBe(200);
    const { status, body } = await readWidget(stage, 'w-1');
    expect([status, body]).toEqual([200, widget]);
  });

  test('changes a sample for one tenant only', async () => {
    await using stage = await openStage();
    await setWidget(stage, { tenant: 'acme', widgetId: GUIDE_WIDGET_ID, widget: { id: 'changed' } });
    expect((await readWidget(stage, GUIDE_WIDGET_ID)).body).toEqual({ id: 'changed' });
    expect((await readWidget(stage, GUIDE_WIDGET_ID, { tenant: 'globex' })).body.id).toBe(GUIDE_WIDGET_ID);
  });

  test('lasts until the reset', async () => {
    await using stage = await openStage();
    await setWidget(stage, { tenant: 'acme', widgetId: 'w-1', widget: {} });
    await stage.call('/__sandbox/reset', { method: 'POST' });
    expect((await readWidget(stage, 'w-1')).status).toBe(404);
  });

  test.each([
    ['no tenant', { widgetId: 'w-1', widget: {} }, 'tenant: wanted string, got nothing'],
    ['an unknown tenant', { tenant: 'acne', widgetId: 'w-1', widget: {} }, 'tenant: wanted one of "acme", '],
    ['no widget', { tenant: 'acme', widgetId: '', widget: {} }, 'widgetId: wanted a length of at least 1'],
    [
      'an unknown field',
      { tenant: 'acme', widgetId: 'w-1', widget: {}, x: 1 },
      'x: wanted nothing of this name',
    ],
  ])('with %s is refused with the reason', async (_case, change, sentence) => {
    await using stage = await openStage();
    const { status, body } = await setWidget(stage, change);
    expect(status).toBe(400);
    expect(body.problems.join()).toContain(sentence);
  });
});
