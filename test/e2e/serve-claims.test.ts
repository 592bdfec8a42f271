import { describe, expect, test } from 'vitest';
import { CLAIM_MS } from '../../src/http/claims.ts';
import { type Answered, callerOf } from '../integration/http/calls.ts';
import { openHoldingProxy } from '../support/holding-proxy.ts';
import { makeKey, startReplica } from '../support/serve.ts';
import { message, openSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const KIND = 'message-transmission';

/** The script that accepts jobs: only this one gets their data. */
const ACCEPTANCE = /^eval(sha)? .*"payload":/is;

/** Two `gwm serve`. The proxy can hold what the first one sends to Redis. */
async function openPair() {
  const system = await openSystem();
  const proxy = await openHoldingProxy(system.redis.url);
  const { secret } = await makeKey(system);
  const [a, b] = await Promise.all([startReplica(system, { REDIS_URL: proxy.url }), startReplica(system)]);
  return { system, proxy, first: a, secret, a: callerOf(a.url, secret), b: callerOf(b.url, secret) };
}

function order(): { body: object; headers: Record<string, string> } {
  return { body: message(), headers: { 'idempotency-key': 'order-1' } };
}

describe('a request that repeats one under way at another process', () => {
  test('is refused with 409 until the first one has ended, and then replayed', async () => {
    const { system, proxy, first, a, b } = await openPair();
    const hold = proxy.hold(ACCEPTANCE);
    const answer = a('/v1/messages', order());
    await hold.held();
    // The first process must not give up while the test asks the second one.
    first.process.kill('SIGSTOP');

    const during = await b('/v1/messages', order());

    expect([during.status, during.body.code]).toEqual([409, 'IDEMPOTENCY_KEY_IN_USE']);
    expect(Number(during.headers.get('retry-after'))).toBeGreaterThan(0);
    hold.release();
    first.process.kill('SIGCONT');
    // 503 when the pause was longer than the first process waits for Redis.
    expect([202, 503]).toContain((await answer).status);
    const { headers } = await untilAccepted(() => b('/v1/messages', order()));
    expect(headers.get('idempotency-replayed')).toBe('true');
    expect(await countOf(system)).toBe(1);
  });

  test('is refused also after the first caller has left, and its job is accepted once', async () => {
    const { system, proxy, first, secret, b } = await openPair();
    const hold = proxy.hold(ACCEPTANCE);
    const { body, headers } = order();
    const leaving = new AbortController();
    const left = fetch(`${first.url}/v1/messages`, {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: leaving.signal,
    }).catch((error: Error) => error.name);
    await hold.held();
    leaving.abort();
    expect(await left).toBe('AbortError');
    first.process.kill('SIGSTOP');

    const during = await b('/v1/messages', order());

    expect([during.status, during.body.code]).toEqual([409, 'IDEMPOTENCY_KEY_IN_USE']);
    hold.release();
    first.process.kill('SIGCONT');
    await untilAccepted(() => b('/v1/messages', order()));
    expect(await countOf(system)).toBe(1);
  });

  test('is accepted soon after the first process has died, and once when its commands arrive late', async () => {
    const { system, proxy, first, a, b } = await openPair();
    const hold = proxy.hold(ACCEPTANCE);
    const lost = a('/v1/messages', order()).catch(() => undefined);
    await hold.held();
    first.process.kill('SIGKILL');
    await Promise.all([first.process.exit, lost]);
    const claims = `${system.redis.prefix}:*:api-claim:*`;
    const [claim = ''] = await system.client.keys(claims);
    expect(await system.client.pttl(claim)).toBeLessThanOrEqual(CLAIM_MS);

    const again = await untilAccepted(() => b('/v1/messages', order()));

    expect(again.headers.get('idempotency-replayed')).toBeNull();
    hold.release();
    const { body } = await b('/v1/messages', order());
    expect(body.id).toBe(again.body.id);
    await waitFor(async () => (await system.client.keys(claims)).length === 0, { what: 'the end of claims' });
    expect(await countOf(system)).toBe(1);
  });
});

async function untilAccepted(call: () => Promise<Answered>): Promise<Answered> {
  return await waitFor(
    async () => {
      const answer = await call();
      if (answer.status !== 202) expect(answer.status).toBe(409);
      return answer.status === 202 ? answer : undefined;
    },
    { what: 'an accepted message' },
  );
}

async function countOf(system: Awaited<ReturnType<typeof openSystem>>): Promise<number> {
  const counts = await system.queues.of(KIND, 'acme').getJobCounts();
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
