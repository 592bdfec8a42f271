import { describe, expect, test } from 'vitest';
import { startWorker } from '../../support/gwm.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { openReceiver } from '../../support/receiver.ts';
import { openRefusingProxy } from '../../support/refusing-proxy.ts';
import { message, openSystem, type SystemOptions } from '../../support/system.ts';
import { organizations, rollout } from './rollout-stage.ts';

const KIND = 'message-transmission';
const CALLBACKS = 'webhook-delivery';
const LOADING = 'LOADING Redis is loading the dataset in memory';
/** Long enough for a slow machine: no request times out. The first failed attempt is the last. */
const ONE_ATTEMPT = {
  REQUEST_TIMEOUT: '10s',
  LOCK_DURATION: '20s',
  WEBHOOK_TIMEOUT: '10s',
  JOB_RETRY_FOR: '0s',
};

describe('a Redis that refuses commands for access tokens', () => {
  test.for([
    ['the lock', /^set \S+token-lock/i, undefined],
    ['the read of a token', /^get \S+:token:/i, LOADING],
  ] as const)('costs no attempt of a message: %s', async ([, command, error]) => {
    const { system, proxy } = await open({ environment: ONE_ATTEMPT });
    const refusal = proxy.refuse(command, 5, error);
    await startWorker(system, { REDIS_URL: proxy.url });

    const { jobIds } = await system.openProducer().enqueue(KIND, message());

    const ended = await system.ended(jobIds[0]);
    expect(ended).toMatchObject({ state: 'completed', attemptsMade: 1 });
    expect(refusal.left()).toBe(0);
  });

  test('does not stop the worker from using its new access token', async () => {
    const { system, proxy } = await open({ environment: ONE_ATTEMPT });
    const refusals = [proxy.refuse(/^set \S+:token:/i, 1), proxy.refuse(/^del \S+token-lock/i, 1)];
    await startWorker(system, { REDIS_URL: proxy.url });

    const { jobIds } = await system.openProducer().enqueue(KIND, message());

    expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed' });
    expect(await system.sandbox.requests('oauth.token')).toHaveLength(1);
    expect(refusals.map((refusal) => refusal.left())).toEqual([0, 0]);
  });
});

describe('a Redis that refuses to end a job', () => {
  test('does not fail a delivered callback, however often it refuses', async () => {
    const receiver = await openReceiver();
    const { system, proxy } = await open({
      tenants: [{ id: 'acme', callback: { url: receiver.url } }],
      environment: ONE_ATTEMPT,
    });
    const refusal = proxy.refuse(/:webhook-delivery:completed .* returnvalue /s, 4);
    await startWorker(system, { REDIS_URL: proxy.url });

    const { jobIds } = await system.openProducer().enqueue(KIND, message());

    const callbackId = `wh-${jobIds[0]}-delivered`;
    expect(await system.ended(callbackId, { kind: CALLBACKS })).toMatchObject({
      state: 'completed',
    });
    expect(receiver.received).toHaveLength(1);
    expect(refusal.left()).toBe(0);
  });
});

describe('a Redis that refuses the saved state of a job', () => {
  test('does not make a worker send a request twice', async () => {
    const { system, proxy } = await open({ environment: { ...ONE_ATTEMPT, JOB_RETRY_FOR: '1h' } });
    const refusal = proxy.refuse(/replicationId/, 3);
    await startWorker(system, { REDIS_URL: proxy.url });

    const job = { tenantId: 'acme', ...rollout({ organizationIds: organizations(2) }) };
    const { jobIds } = await system.openProducer().enqueue('config-rollout', job as never);

    const ended = await system.ended(jobIds[0], { kind: 'config-rollout' });
    expect(ended).toMatchObject({ state: 'completed', result: { replication: { status: 'completed' } } });
    expect(await system.sandbox.requests('configuration.replicate')).toHaveLength(1);
    expect(refusal.left()).toBe(0);
  });
});

async function open(options: SystemOptions) {
  const redis = await openOwnRedis();
  return { system: await openSystem({ ...options, redis }), proxy: await openRefusingProxy(redis.url) };
}
