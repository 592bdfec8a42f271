import { expect, test } from 'vitest';
import { endpointIdOf } from '../../../src/webhooks/endpoint-id.ts';
import { openSystem, type System } from '../../support/system.ts';
import { callerOf } from './calls.ts';
import { openServer, type ServerHooks } from './stage.ts';

const URL = 'https://crm.acme.example/hook';
const ENDPOINT = endpointIdOf('acme', URL);

/** Callbacks that are dead letters, without a worker. */
async function failCallbacks({ client, keys, queues }: System, count: number): Promise<string[]> {
  const queue = queues.of('webhook-delivery', 'acme');
  const data = { tenantId: 'acme', payload: { tenantId: 'acme', url: URL } };
  const jobs = Array.from({ length: count }, (_, n) => ({
    name: 'webhook-delivery',
    data,
    opts: { jobId: `wh-${n}`, attempts: 2 },
  }));
  await queue.addBulk(jobs);
  await client.del(queue.toKey('wait'));
  const pipeline = client.pipeline();
  for (const { opts } of jobs) {
    const endedAt = Date.now();
    pipeline.hset(queue.toKey(opts.jobId), { finishedOn: endedAt, failedReason: 'WEBHOOK_REFUSED: no' });
    pipeline.zadd(queue.toKey('failed'), endedAt, opts.jobId);
  }
  await pipeline.exec();
  await client.hset(keys.endpoint('acme', ENDPOINT), { url: URL });
  return jobs.map(({ opts }) => opts.jobId);
}

async function open(environment?: Record<string, string>, hooks?: ServerHooks) {
  const system = await openSystem();
  const server = await openServer(system, environment, hooks);
  return { system, server, call: callerOf(server.url, await server.keys.make()) };
}

test.for([
  ['a dead letter', '/v1/jobs/wh-0/retry', 'JOB_NOT_RETRYABLE'],
  ['a dead letter', '/v1/webhooks/callbacks/wh-0/replay', 'CALLBACK_NOT_REPLAYABLE'],
  ['a callback that waits', '/v1/webhooks/callbacks/wh-0/replay', 'CALLBACK_NOT_REPLAYABLE'],
] as const)('one of many requests at the same time sends %s again: %s', async ([what, path, code]) => {
  const { system, server, call } = await open();
  await failCallbacks(system, 1);
  if (what !== 'a dead letter') {
    const { client, queues } = system;
    const queue = queues.of('webhook-delivery', 'acme');
    await client.zrem(queue.toKey('failed'), 'wh-0');
    await client.zadd(queue.toKey('delayed'), Date.now() * 8192, 'wh-0');
  }

  const answers = await Promise.all(Array.from({ length: 12 }, () => call(path, { method: 'POST' })));

  expect(server.errors).toEqual([]);
  expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
  const others = answers.filter(({ status }) => status !== 202);
  expect(new Set(others.map(({ status, body }) => `${status} ${body.code}`))).toEqual(
    new Set([`409 ${code}`]),
  );
  expect(await system.queues.of('webhook-delivery', 'acme').getWaitingCount()).toBe(1);
});

test('a replay of many missed callbacks has more time than a short answer', async () => {
  const { promise: isHeld, resolve: goOn } = Promise.withResolvers<void>();
  const { system, call } = await open({ HTTP_ANSWER_TIMEOUT: '1s' }, { beforeNote: () => isHeld });
  await failCallbacks(system, 1200);
  const body = { since: '2026-01-01T00:00:00Z' };

  const replayed = call(`/v1/webhooks/endpoints/${ENDPOINT}/replay`, { body });
  // This route has a bound: its 503 says that the time is over.
  expect((await call('/v1/tenants/acme/resume', { method: 'POST' })).status).toBe(503);
  goOn();

  expect(await replayed).toMatchObject({ status: 202, body: { replayed: 1200 } });
  expect(await system.queues.of('webhook-delivery', 'acme').getWaitingCount()).toBe(1200);
});
