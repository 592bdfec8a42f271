import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openHoldingProxy } from '../../support/holding-proxy.ts';
import { testRedis } from '../../support/redis.ts';
import { openSystem } from '../../support/system.ts';
import { callerOf } from './calls.ts';
import { openServer } from './stage.ts';

/** Longer than the time for an answer. */
const BUSY_MS = 2000;

test('the time in which the process itself is busy is no silence of Redis', async () => {
  const { call, hold } = await openHeld();
  const answering = call('/v1/tenants/acme');
  await hold.held();
  hold.release();
  for (const startedMs = performance.now(); performance.now() - startedMs < BUSY_MS; );

  expect((await answering).status).toBe(200);
});

test('a silent Redis is 503 in time, also while the process is busy again and again', async () => {
  const { call, hold } = await openHeld();
  const startedMs = performance.now();
  const answering = call('/v1/tenants/acme').finally(() => {
    isOver = true;
  });
  let isOver = false;
  while (!isOver) {
    for (const sinceMs = performance.now(); performance.now() - sinceMs < 20; );
    await delay(20);
  }
  hold.release();

  expect((await answering).body.code).toBe('REDIS_UNAVAILABLE');
  expect(performance.now() - startedMs).toBeLessThan(2 * BUSY_MS);
});

/** A server whose Redis keeps the answers that a look at a tenant needs. */
async function openHeld() {
  const proxy = await openHoldingProxy(testRedis().url);
  const environment = { HTTP_ANSWER_TIMEOUT: '1s', REDIS_URL: proxy.url };
  const { url, keys } = await openServer(await openSystem(), environment);
  const call = callerOf(url, await keys.make());
  await call('/v1/tenants/acme');
  return { call, hold: proxy.hold(/counts|bucket/i) };
}
