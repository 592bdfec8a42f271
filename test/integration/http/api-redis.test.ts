import { describe, expect, test } from 'vitest';
import { openOwnRedis } from '../../support/own-redis.ts';
import { message, openSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { callerOf } from './calls.ts';
import { openServer } from './stage.ts';

const KIND = 'message-transmission';

/** A short time for an answer: no test waits for the default. */
const IMPATIENT = { HTTP_ANSWER_TIMEOUT: '1s' };

describe('the API without Redis', () => {
  test.for(['SIGKILL', 'SIGSTOP'] as const)('answers 503 soon, and accepts nothing: %s', async (signal) => {
    const redis = await openOwnRedis();
    const system = await openSystem({ redis });
    const { url, keys } = await openServer(system, IMPATIENT);
    const call = callerOf(url, await keys.make());
    const request = { body: { ...message(), idempotencyKey: 'order-1' } };
    expect((await call('/v1/messages', { body: message() })).status).toBe(202);
    await redis.kill(signal);

    const { status, headers, body } = await call('/v1/messages', request);

    expect([status, body.code]).toEqual([503, 'REDIS_UNAVAILABLE']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    if (signal === 'SIGSTOP') await redis.kill('SIGCONT');
    else await redis.restart();
    const again = await waitFor(
      async () => {
        const answer = await call('/v1/messages', request);
        return answer.status === 202 ? answer : undefined;
      },
      { what: 'an accepted message' },
    );
    expect((await system.jobs.get(KIND, again.body.id))?.jobId).toBe(again.body.id);
  });

  test('answers 503 while Redis is full, and accepts again when it has room', async () => {
    const redis = await openOwnRedis();
    const system = await openSystem({ redis });
    const { url, keys } = await openServer(system, IMPATIENT);
    const call = callerOf(url, await keys.make());
    expect((await call('/v1/messages', { body: message() })).status).toBe(202);
    await system.client.config('SET', 'maxmemory', '1mb');

    const { status, headers, body } = await call('/v1/messages', { body: message() });

    expect([status, body.code]).toEqual([503, 'REDIS_FULL']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    await system.client.config('SET', 'maxmemory', '0');
    expect((await call('/v1/messages', { body: message() })).status).toBe(202);
  });

  test('still shows, cancels and resumes while Redis is full', async () => {
    const redis = await openOwnRedis();
    const system = await openSystem({ redis });
    const { url, keys } = await openServer(system, IMPATIENT);
    const call = callerOf(url, await keys.make());
    const job = (await call('/v1/messages', { body: message() })).body;
    await call('/v1/tenants/acme/pause', { body: { for: '10m' } });
    await system.client.config('SET', 'maxmemory', '1mb');

    const shown = await call(`/v1/jobs/${job.id}`);

    expect([shown.status, shown.body.id]).toEqual([200, job.id]);
    expect(shown.headers.get('ratelimit-policy')).toMatch(/^"default"/);
    expect((await call(`/v1/jobs/${job.id}`, { method: 'DELETE' })).body.outcome).toBe('cancelled');
    expect((await call('/v1/tenants/acme/resume', { method: 'POST' })).status).toBe(200);
    expect((await call('/v1/messages', { body: message() })).body.code).toBe('REDIS_FULL');
    await system.client.config('SET', 'maxmemory', '0');
  });
});
