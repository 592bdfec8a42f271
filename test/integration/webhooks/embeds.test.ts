import { describe, expect, test } from 'vitest';
import { embed, GUIDE_WIDGET } from '../../support/guides/embed.ts';
import { startWorker } from '../../support/gwm.ts';
import { openSystem, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { setCallbackStage } from './stage.ts';

const KIND = 'embed-generation';

const stage = setCallbackStage({
  tenants: [{ id: 'acme', callback: {} }, 'unsigned'],
  kind: KIND,
  sample: embed,
});
const { calls, verified } = stage;

describe('a callback', () => {
  test('reports a generated embed code, with its size and without the code', async () => {
    const { jobId } = await stage.run({
      callback: { url: stage.receiver.url },
      idempotencyKey: 'campaign-1',
    });

    const [request] = await calls(1);
    expect(verified(request)).toEqual({
      type: 'embed.generated',
      timestamp: expect.any(String),
      data: {
        tenantId: 'acme',
        jobId,
        widgetId: GUIDE_WIDGET,
        idempotencyKey: 'campaign-1',
        status: 'generated',
        sequence: expect.any(Number),
        attempts: 1,
        latencyMs: expect.any(Number),
        generatedAt: expect.any(String),
        payloadBytes: expect.any(Number),
        requestMs: expect.any(Number),
        correlationId: expect.any(String),
      },
    });
    expect(request?.headers['webhook-id']).toBe(`wh-${jobId}-delivered`);
  });

  test('reports a failure, with the fields that the widget lacks', async () => {
    await stage.run({ callback: { url: stage.receiver.url }, widgetId: 'widget-without-localeFallback' });

    const [request] = await calls(1);
    expect(verified(request)).toMatchObject({
      type: 'embed.failed',
      data: {
        status: 'failed',
        widgetId: 'widget-without-localeFallback',
        error: { code: 'WIDGET_FEATURES_MISSING', details: ['localeFallback'] },
      },
    });
  });

  test('reports an expired job', async () => {
    await stage.system.expire(KIND, embed({ callback: { url: stage.receiver.url } }));

    const [request] = await calls(1);
    expect(verified(request)).toMatchObject({ type: 'embed.expired' });
  });

  test('is chosen by outcome: `delivered` means success for every kind', async () => {
    await stage.run({
      callback: { url: stage.receiver.url, events: ['delivered'] },
      widgetId: 'widget-malformed',
    });
    await stage.run({ callback: { url: stage.receiver.url, events: ['delivered'] } });

    const [request, ...others] = await calls(1);
    expect(verified(request)).toMatchObject({ type: 'embed.generated' });
    expect(others).toEqual([]);
  });
});

describe('the CMS', () => {
  test('gets the embed code in the documented form, signed, besides the callback', async () => {
    const { jobId, result } = await stage.run({
      ...toCms(),
      callback: { url: `${stage.receiver.url}/callback` },
    });

    const requests = await calls(2);
    const post = requests.find(({ path }) => path === '/cms');
    const { scriptTag, generatedAt } = result as { scriptTag: string; generatedAt: string };
    expect(verified(post)).toEqual({
      widget_id: GUIDE_WIDGET,
      embed_code: scriptTag,
      generated_at: generatedAt,
    });
    expect(post).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/json', 'webhook-id': `cms-${jobId}` },
    });
    expect(requests.map(({ path }) => path).sort()).toEqual(['/callback', '/cms']);
  });

  test('gets the embed code unsigned from a tenant that has no secret', async () => {
    const { jobId } = await stage.run({ ...toCms(), tenantId: 'unsigned' });

    const [post] = await calls(1);
    expect(JSON.parse(post?.body ?? '')).toMatchObject({ widget_id: GUIDE_WIDGET });
    expect(Object.keys(post?.headers ?? {}).filter((name) => name.startsWith('webhook-'))).toEqual([]);
    expect(await postOf(jobId, 'unsigned')).toMatchObject({ state: 'completed' });
  });

  test('gets the same post again after a failure, and the job has completed', async () => {
    stage.receiver.answerWith({ status: 500 }, { status: 503 });

    const { jobId, state } = await stage.run(toCms());

    expect(state).toBe('completed');
    const requests = await calls(3);
    expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
    expect(new Set(requests.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([`cms-${jobId}`]));
    expect(await postOf(jobId)).toMatchObject({ state: 'completed', attemptsMade: 3 });
  });

  test('gets the post again if it is too slow', async () => {
    stage.receiver.answerWith(undefined);

    const { jobId } = await stage.run(toCms());

    expect(await postOf(jobId)).toMatchObject({ state: 'completed', attemptsMade: 2 });
  });

  test('makes a dead letter if it always fails, and the job keeps its code', async () => {
    stage.receiver.answerWith(...Array.from({ length: 5 }, () => ({ status: 502 })));

    const { jobId, state, result } = await stage.run(toCms());

    expect(await postOf(jobId)).toMatchObject({
      state: 'failed',
      attemptsMade: 3,
      failedReason: 'WEBHOOK_REFUSED: the receiver answered 502',
    });
    expect([state, result]).toEqual([
      'completed',
      expect.objectContaining({ scriptTag: expect.any(String) }),
    ]);
  });

  test('is not called without a code', async () => {
    const callback = { url: `${stage.receiver.url}/callback` };
    const { jobId } = await stage.run({ ...toCms(), widgetId: 'widget-malformed', callback });

    expect((await calls(1)).map(({ path }) => path)).toEqual(['/callback']);
    expect(await stage.system.queues.of('webhook-delivery', 'acme').getJob(`cms-${jobId}`)).toBeUndefined();
  });

  test('gets one code, also if the queue runs the job several times', async () => {
    const { jobId } = await stage.run(toCms());
    await postOf(jobId);

    await runAgain(stage.system, jobId);

    expect(stage.receiver.received).toHaveLength(1);
  });

  test('gets the code once, although the job runs again after its post has left the queue', async () => {
    const { jobId } = await stage.run(toCms());
    await postOf(jobId);
    await stage.system.queues.of('webhook-delivery', 'acme').remove(`cms-${jobId}`);

    await runAgain(stage.system, jobId);
    await postOf(jobId);

    expect(stage.receiver.received).toHaveLength(1);
    expect(await stage.system.sandbox.requests('widget.read')).toHaveLength(1);
  });

  test('gets the first code, although the post was lost before it was sent', async () => {
    const own = await openSystem({ tenants: [{ id: 'acme', callback: {} }] });
    await startWorker(own, {}, [KIND]);
    const { jobIds } = await own.openProducer().enqueue(KIND, embed(toCms()));
    const jobId = jobIds[0] ?? '';
    const { result } = await own.ended(jobId, { kind: KIND });
    await own.queues.of('webhook-delivery', 'acme').remove(`cms-${jobId}`);

    await runAgain(own, jobId);
    await startWorker(own, {}, ['webhook-delivery']);

    const [post] = await calls(1);
    expect(JSON.parse(post?.body ?? '')).toMatchObject({
      embed_code: (result as { scriptTag: string }).scriptTag,
    });
    expect(await own.sandbox.requests('widget.read')).toHaveLength(1);
  });
});

function toCms() {
  return { cms: { url: `${stage.receiver.url}/cms` } };
}

/** Makes the queue run an ended job again, and waits for the end of that run. */
async function runAgain({ queues }: System, jobId: string): Promise<void> {
  const job = await queues.of(KIND, 'acme').getJob(jobId);
  const before = job?.attemptsStarted ?? 0;
  await job?.retry('completed');
  await waitFor(
    async () => {
      const again = await queues.of(KIND, 'acme').getJob(jobId);
      return again && again.attemptsStarted > before && (await again.isCompleted());
    },
    { what: 'another run' },
  );
}

/** The end of the post to the CMS. */
async function postOf(jobId: string, tenantId = 'acme') {
  return await stage.system.ended(`cms-${jobId}`, { kind: 'webhook-delivery', tenantId });
}
