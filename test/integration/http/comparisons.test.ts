import { expect, test } from 'vitest';
import { openHoldingProxy } from '../../support/holding-proxy.ts';
import { testRedis } from '../../support/redis.ts';
import { openRefusingProxy } from '../../support/refusing-proxy.ts';
import { message, openSystem } from '../../support/system.ts';
import { callerOf } from './calls.ts';
import { openServer } from './stage.ts';

/** A short time for an answer: no test waits for the default. */
const IMPATIENT = { HTTP_ANSWER_TIMEOUT: '1s' };

const KEYED = { ...message(), idempotencyKey: 'order-1' };
const OTHER = { ...KEYED, body: { contentType: 'text/plain', content: 'Another text' } };

test('another body with a used key is never replayed, also when Redis falls silent before the comparison', async () => {
  const proxy = await openHoldingProxy(testRedis().url);
  const { url, keys } = await openServer(await openSystem(), { ...IMPATIENT, REDIS_URL: proxy.url });
  const call = callerOf(url, await keys.make());
  expect((await call('/v1/messages', { body: KEYED })).status).toBe(202);

  const hold = proxy.hold(/^hget /i);
  const { status, headers, body } = await call('/v1/messages', { body: OTHER });
  hold.release();

  expect([status, body.code]).toEqual([503, 'REDIS_UNAVAILABLE']);
  expect(headers.get('idempotency-replayed')).toBeNull();
  expect((await call('/v1/messages', { body: OTHER })).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
  expect((await call('/v1/messages', { body: KEYED })).status).toBe(202);
});

test('a comparison that fails is the failure of its own request alone', async () => {
  const proxy = await openRefusingProxy(testRedis().url);
  const { url, keys } = await openServer(await openSystem(), { REDIS_URL: proxy.url });
  const call = callerOf(url, await keys.make());
  expect((await call('/v1/messages', { body: KEYED })).status).toBe(202);

  proxy.refuse(/^hget /i, 1, 'BUSY Redis is busy running a script.');
  const [unsure, ...others] = await Promise.all([
    call('/v1/messages', { body: OTHER }),
    ...Array.from({ length: 20 }, () => call('/v1/messages', { body: message() })),
  ]);

  expect([unsure?.status, unsure?.body.code]).toEqual([503, 'REDIS_UNAVAILABLE']);
  expect(others.map(({ status }) => status)).toEqual(others.map(() => 202));
});

test('a batch breaks off where a comparison fails', async () => {
  const proxy = await openRefusingProxy(testRedis().url);
  const { url, keys } = await openServer(await openSystem(), { REDIS_URL: proxy.url });
  const call = callerOf(url, await keys.make());
  expect((await call('/v1/messages', { body: KEYED })).status).toBe(202);

  proxy.refuse(/^hget /i, 1, 'BUSY Redis is busy running a script.');
  const { status, body } = await call('/v1/batch', {
    body: JSON.stringify({ kind: 'message-transmission', ...OTHER }),
    headers: { 'content-type': 'application/x-ndjson' },
  });

  expect([status, body.code]).toEqual([503, 'REDIS_UNAVAILABLE']);
});
