import { expect, test } from 'vitest';
import { openCore } from '../../../src/queues/core.ts';
import { createJobCallbacks } from '../../../src/queues/job-callbacks.ts';
import { openRedis } from '../../../src/redis/connect.ts';
import { createWebhookRecords } from '../../../src/webhooks/records.ts';
import { onEnd } from '../../support/lifetime.ts';
import { waitFor } from '../../support/wait-for.ts';
import { setCallbackStage } from '../webhooks/stage.ts';
import { callerOf } from './calls.ts';
import { openServer } from './stage.ts';

const stage = setCallbackStage({
  tenants: [{ id: 'acme', callback: {} }],
  environment: { WEBHOOK_SCHEDULE: '10ms' },
});

async function openCaller() {
  const server = await openServer(stage.system);
  return callerOf(server.url, await server.keys.make({ tenants: ['acme'] }));
}

test('a job shows its callback that was delivered, and where to go on', async () => {
  const call = await openCaller();
  const { jobId } = await stage.run();
  await stage.callbackOf(jobId);
  const id = `wh-${jobId}-delivered`;

  const { body } = await call(`/v1/jobs/${jobId}`);

  expect(body.callbacks).toEqual([
    {
      id,
      ending: 'delivered',
      state: 'delivered',
      attempts: 1,
      lastAttemptAt: expect.stringMatching(/Z$/),
      deliveredAt: expect.stringMatching(/Z$/),
      failedReason: null,
      endpointId: expect.stringMatching(/^ep-/),
      links: {
        self: `/v1/jobs/${id}`,
        attempts: `/v1/webhooks/callbacks/${id}/attempts`,
        replay: `/v1/webhooks/callbacks/${id}/replay`,
        endpoint: expect.stringMatching(/^\/v1\/webhooks\/endpoints\/ep-/),
      },
    },
  ]);
  const [{ links }] = body.callbacks;
  expect((await call(links.self)).body).toMatchObject({ kind: 'webhook-delivery', state: 'completed' });
  expect((await call(links.self)).body.links).not.toHaveProperty('cancel');
  expect((await call(links.endpoint)).body).toMatchObject({ lastDeliveredAt: expect.any(String) });
  expect((await call(links.attempts)).body).toMatchObject({
    attempts: [{ outcome: 'delivered' }],
    jobId,
    links: { job: `/v1/jobs/${jobId}`, replay: links.replay },
  });
});

test('a job shows its callback that is a dead letter, and the link replays it', async () => {
  const call = await openCaller();
  stage.receiver.answerWith({ status: 500 }, { status: 500 });
  const { jobId } = await stage.run();
  await stage.callbackOf(jobId);

  const [callback] = (await call(`/v1/jobs/${jobId}`)).body.callbacks;
  expect(callback).toMatchObject({
    state: 'dead-letter',
    attempts: 2,
    deliveredAt: null,
    failedReason: expect.stringMatching(/^WEBHOOK_REFUSED: /),
  });

  expect((await call(callback.links.replay, { method: 'POST' })).status).toBe(202);
  const replayed = await waitFor(
    async () => {
      const [now] = (await call(`/v1/jobs/${jobId}`)).body.callbacks;
      return now.state === 'delivered' ? now : undefined;
    },
    { what: 'the replayed callback' },
  );
  expect(replayed).toMatchObject({ attempts: 1, failedReason: null });
});

test('a retry of a callback by its id is a replay', async () => {
  const call = await openCaller();
  stage.receiver.answerWith({ status: 500 }, { status: 500 });
  const { jobId } = await stage.run();
  await stage.callbackOf(jobId);
  const [{ id, links }] = (await call(`/v1/jobs/${jobId}`)).body.callbacks;

  expect((await call(`/v1/jobs/${id}/retry`, { method: 'POST' })).status).toBe(202);

  const { attempts } = (await call(links.attempts)).body;
  expect(attempts).toContainEqual(expect.objectContaining({ outcome: 'replayed' }));
});

test('a callback that waits for its receiver is under way', async () => {
  const call = await openCaller();
  const { promise, resolve } = Promise.withResolvers<{ status: number }>();
  stage.receiver.answerWith(promise);
  const { jobId } = await stage.run();
  await stage.calls(1);

  const [callback] = (await call(`/v1/jobs/${jobId}`)).body.callbacks;
  resolve({ status: 204 });

  expect(callback).toMatchObject({ state: 'running', attempts: 0, lastAttemptAt: null, deliveredAt: null });
});

test('a job that failed, and was delivered when it was retried, shows the callback of each end', async () => {
  const call = await openCaller();
  await stage.refuse({ code: 'bad.request' });
  const { jobId } = await stage.run();
  await stage.calls(1);

  await call(`/v1/jobs/${jobId}/retry`, { method: 'POST' });
  await stage.calls(2);

  const endings = async () => {
    const { callbacks } = (await call(`/v1/jobs/${jobId}`)).body;
    return callbacks.every(({ state }: { state: string }) => state === 'delivered') ? callbacks : undefined;
  };
  expect(await waitFor(endings, { what: 'both callbacks' })).toMatchObject([
    { ending: 'delivered' },
    { ending: 'failed' },
  ]);
});

test('the callbacks of a job cost a bounded number of commands', async () => {
  const { jobId } = await stage.run();
  await stage.callbackOf(jobId);
  const { config } = stage.system;
  const client = await openRedis({ url: config.redisUrl, role: 'caller' });
  const core = openCore({ client, config, onError: () => {} });
  onEnd(() => core.close());
  await core.queues.ready();
  const { views: callbacksOf } = createJobCallbacks(
    client,
    core.queues,
    createWebhookRecords(client, core.keys),
  );
  await callbacksOf('acme', jobId);
  const send = client.sendCommand.bind(client);
  const names: string[] = [];
  client.sendCommand = (command, ...more) => {
    names.push(command.name);
    return send(command, ...more);
  };

  expect(await callbacksOf('acme', 'j-none')).toEqual([]);
  expect(names).toEqual(['exists', 'exists', 'exists', 'exists']);
  names.length = 0;
  expect(await callbacksOf('acme', jobId)).toHaveLength(1);
  expect(names.slice(4).sort()).toEqual(['evalsha', 'hgetall', 'lrange']);
});
