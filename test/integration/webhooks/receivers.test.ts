import { describe, expect, test } from 'vitest';
import { endpointIdOf } from '../../../src/webhooks/endpoint-id.ts';
import { createEndpoints, endpointSettings } from '../../../src/webhooks/endpoints.ts';
import { ROUNDING_MS } from '../../support/clock.ts';
import { logOf, startWorker } from '../../support/gwm.ts';
import { openReceiver } from '../../support/receiver.ts';
import { message } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { setCallbackStage } from './stage.ts';

// A loaded machine answers late, and a late answer would count as none.
const stage = setCallbackStage({
  tenants: [{ id: 'acme', callback: {} }],
  environment: { WEBHOOK_TIMEOUT: '5s' },
});

describe('a receiver', () => {
  test('gets the callback again after a failure: same id, same body, new signature', async () => {
    stage.receiver.answerWith({ status: 500 }, { status: 503 });

    const { jobId } = await stage.run();

    const requests = await stage.calls(3);
    expect(new Set(requests.map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set([`wh-${jobId}-delivered`]),
    );
    expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
    for (const request of requests) stage.verified(request);
    expect(await stage.callbackOf(jobId)).toMatchObject({ state: 'completed', attemptsMade: 3 });
  });

  test('gets no more attempts after the schedule if it always fails', async () => {
    stage.receiver.answerWith(...Array.from({ length: 5 }, () => ({ status: 500 })));

    const { jobId } = await stage.run();

    expect(await stage.callbackOf(jobId)).toMatchObject({
      state: 'failed',
      attemptsMade: 3,
      failedReason: 'WEBHOOK_REFUSED: the receiver answered 500',
    });
    expect(stage.receiver.received).toHaveLength(3);
  });

  test.each([301, 302, 307, 308])('cannot redirect the callback with %i', async (status) => {
    const elsewhere = await openReceiver();
    stage.receiver.answerWith({ status, headers: { location: `${elsewhere.url}/inner` } });

    const { jobId } = await stage.run();

    expect(await stage.callbackOf(jobId)).toMatchObject({ state: 'completed', attemptsMade: 2 });
    expect(stage.receiver.received).toHaveLength(2);
    expect(elsewhere.received).toEqual([]);
  });

  test('gets the callback again if it does not answer in time', async () => {
    stage.receiver.answerWith(undefined);

    const { jobId } = await stage.run();

    expect(await stage.callbackOf(jobId)).toMatchObject({ state: 'completed', attemptsMade: 2 });
  });

  test.each([
    [429, 'in seconds', () => '1'],
    [503, 'in seconds', () => '1'],
    // A date has no milliseconds: two seconds ahead are at least one second.
    [503, 'as a date', () => new Date(Date.now() + 2000).toUTCString()],
  ])(
    'gets no callback before the end of a wait that it asks for with %i, %s',
    async (status, _form, retryAfter) => {
      stage.receiver.answerWith((response) =>
        response.writeHead(status, { 'retry-after': retryAfter() }).end(),
      );

      const { jobId } = await stage.run();

      expect(await stage.callbackOf(jobId)).toMatchObject({ state: 'completed', attemptsMade: 2 });
      const [first, second] = await stage.attemptsOf(jobId);
      expect(Date.parse(second?.at ?? '') - Date.parse(first?.at ?? '')).toBeGreaterThanOrEqual(
        1000 - ROUNDING_MS,
      );
    },
  );

  test('gets callbacks by the schedule if it asks for a wait with another status', async () => {
    stage.receiver.answerWith({ status: 500, headers: { 'retry-after': '3600' } });

    const { jobId } = await stage.run();

    expect(await stage.callbackOf(jobId)).toMatchObject({ state: 'completed', attemptsMade: 2 });
  });

  test('does not delay or fail messages while it is down', async () => {
    const { state } = await stage.run({ callback: { url: 'http://127.0.0.1:1024/' } });

    expect(state).toBe('completed');
  });

  test('has each attempt on record, with the beginning of its answer', async () => {
    stage.receiver.answerWith({ status: 500, body: 'out of order\u001b[2J' }, undefined);

    const { jobId } = await stage.run();

    expect(await stage.callbackOf(jobId)).toMatchObject({ state: 'completed' });
    expect(await stage.attemptsOf(jobId)).toEqual([
      {
        at: expect.stringMatching(/Z$/),
        outcome: 'refused',
        status: 500,
        latencyMs: expect.any(Number),
        answer: 'out of order\u001b[2J',
      },
      { at: expect.any(String), outcome: 'unreachable', latencyMs: expect.any(Number) },
      { at: expect.any(String), outcome: 'delivered', status: 204, latencyMs: expect.any(Number) },
    ]);
  });
});

describe('a receiver that is gone', () => {
  test('gets no more callbacks: its endpoint is disabled, and the log informs the operator', async () => {
    stage.receiver.answerWith({ status: 410 });

    const first = await stage.run();
    expect(await stage.callbackOf(first.jobId)).toMatchObject({
      state: 'failed',
      attemptsMade: 1,
      failedReason: 'WEBHOOK_GONE: the receiver answered 410',
    });
    const second = await stage.run();

    expect(await stage.callbackOf(second.jobId)).toMatchObject({
      state: 'failed',
      attemptsMade: 1,
      failedReason: 'WEBHOOK_ENDPOINT_DISABLED: the endpoint is disabled: its receiver answered 410',
    });
    expect(stage.receiver.received).toHaveLength(1);
    const events = logOf(stage.worker).filter(({ event }) => event === 'endpoint.disabled');
    expect(events.filter((line) => line.host === new URL(stage.receiver.url).host)).toMatchObject([
      { level: 50, tenantId: 'acme', endpointId: endpointIdOf('acme', stage.receiver.url), reason: 'gone' },
    ]);
  });

  test('gets callbacks again after its endpoint is enabled', async () => {
    stage.receiver.answerWith({ status: 410 });
    const first = await stage.run();
    await stage.callbackOf(first.jobId);
    const { client, keys, queues, config } = stage.system;
    const endpoints = createEndpoints({
      client,
      keys,
      worker: 'test',
      wake: queues.wake,
      ...endpointSettings(config),
    });

    await endpoints.enable('acme', endpointIdOf('acme', stage.receiver.url));

    const second = await stage.run();
    expect(await stage.callbackOf(second.jobId)).toMatchObject({ state: 'completed' });
    expect(stage.receiver.received).toHaveLength(2);
  });

  test('does not disable other addresses of the same host', async () => {
    stage.receiver.answerWith({ status: 410 });
    const first = await stage.run({ callback: { url: `${stage.receiver.url}/one` } });
    await stage.callbackOf(first.jobId);

    const second = await stage.run({ callback: { url: `${stage.receiver.url}/two` } });

    expect(await stage.callbackOf(second.jobId)).toMatchObject({ state: 'completed' });
  });
});

describe('a receiver that has failed for too long', () => {
  test('gets no more callbacks', async () => {
    const { system } = stage;
    const queuePrefix = `${system.redis.prefix}-failing`;
    const worker = await startWorker(system, { QUEUE_PREFIX: queuePrefix, WEBHOOK_DISABLE_AFTER: '1s' });
    stage.receiver.usually({ status: 500 });
    const callback = { url: stage.receiver.url };
    const producer = system.openProducer({ queuePrefix });

    const enqueue = () => producer.enqueue('message-transmission', message({ callback }));
    await enqueue();
    await worker.line(/webhook-delivery reject: the receiver answered 500/);
    await waitFor(
      async () => {
        await enqueue();
        return worker.stdout.some((line) => line.includes('a worker disabled an endpoint'));
      },
      { what: 'the log line about the disabled endpoint' },
    );

    expect(await worker.line(/a worker disabled an endpoint/)).toContain('"reason":"failing"');
  });
});

describe('Redis that refuses the script before a call', () => {
  test('costs a callback no attempt: it has all its attempts when Redis recovers', async () => {
    const { system, receiver } = stage;
    receiver.answerWith({ status: 500 }, { status: 500 });
    // With a key of another type, every script that asks for a permit fails.
    const key = system.keys.endpoint('acme', endpointIdOf('acme', receiver.url));
    await system.client.set(key, 'no hash');

    const { jobId } = await stage.run();
    const callback = `wh-${jobId}-delivered`;
    const tries = () => logOf(stage.worker).filter((line) => line.jobId === callback && line.error);
    await waitFor(() => tries().length > 3, { what: 'more runs than attempts' });
    await system.client.del(key);

    expect(await stage.callbackOf(jobId)).toMatchObject({ state: 'completed' });
    expect(receiver.received).toHaveLength(3);
    expect((await stage.attemptsOf(jobId)).map(({ outcome }) => outcome)).toEqual([
      'refused',
      'refused',
      'delivered',
    ]);
  });
});
