import { beforeAll, describe, expect, test } from 'vitest';
import { type Answered, type Caller, callerOf } from '../integration/http/calls.ts';
import { runGwm, startWorker } from '../support/gwm.ts';
import { makeKey, startReplica } from '../support/serve.ts';
import { message, openSystem, PATIENT, type System } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

/** Two `gwm serve` on one Redis. */
async function openPair(environment: Readonly<Record<string, string>> = {}) {
  const system = await openSystem({ environment: { ...PATIENT, ...environment } });
  const { id, secret } = await makeKey(system);
  const [a, b] = await Promise.all([startReplica(system), startReplica(system)]);
  return {
    system,
    keyId: id,
    secret,
    urls: [a.url, b.url],
    a: callerOf(a.url, secret),
    b: callerOf(b.url, secret),
  };
}

describe('two server processes', () => {
  let system: System;
  let a: Caller;
  let b: Caller;
  let urls: string[];
  let secret: string;
  beforeAll(async () => {
    ({ system, a, b, urls, secret } = await openPair());
  });

  test('know the idempotency keys of each other', async () => {
    const request = { body: message(), headers: { 'idempotency-key': 'order-1' } };

    const first = await a('/v1/messages', request);
    const again = await b('/v1/messages', request);
    const other = await b('/v1/messages', { ...request, body: { ...message(), guestId: 'another' } });

    expect([first.status, replayedBy(first)]).toEqual([202, null]);
    expect([again.status, replayedBy(again)]).toEqual([202, 'true']);
    expect(again.body).toEqual(first.body);
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });

  test('list the same jobs', async () => {
    for (const call of [a, b, a, b]) await call('/v1/messages', { body: message() });

    const [ofA, ofB] = [await a('/v1/jobs?tenant=acme'), await b('/v1/jobs?tenant=acme')];

    expect(ofA.body.jobs.length).toBeGreaterThanOrEqual(4);
    expect(ofB.body).toEqual(ofA.body);
  });

  test('stream the events of a job that the other one accepted', async () => {
    const { id } = (await a('/v1/messages', { body: message() })).body;
    const response = await fetch(`${urls[1]}/v1/jobs/${id}/events`, {
      headers: { authorization: `Bearer ${secret}` },
    });
    await startWorker(system);

    const events = (await response.text()).split('\n').filter((line) => line.startsWith('event: '));

    expect(events.at(0)).toBe('event: state');
    expect(events.at(-1)).toBe('event: ended');
  });
});

test('two server processes share the quota of a key', async () => {
  const burst = 10;
  const { a, b } = await openPair({ API_RATE: '1', API_BURST: String(burst) });
  const startedAt = performance.now();

  const answers = await Promise.all(
    Array.from({ length: 2 * burst }, async (_, n) => await (n % 2 === 0 ? a : b)('/v1/tenants')),
  );

  const seconds = Math.ceil((performance.now() - startedAt) / 1000);
  const within = answers.filter(({ status }) => status === 200).length;
  expect(within).toBeGreaterThanOrEqual(burst);
  // The quota gains one request per second.
  expect(within).toBeLessThanOrEqual(burst + seconds);
  const beyond = answers.filter(({ status }) => status !== 200);
  for (const { status, body } of beyond) expect([status, body.code]).toEqual([429, 'QUOTA_EXCEEDED']);
});

test('a key that an operator revokes stops at both server processes', async () => {
  const { system, keyId, a, b } = await openPair();
  expect([(await a('/v1/tenants')).status, (await b('/v1/tenants')).status]).toEqual([200, 200]);

  expect((await runGwm(['keys', 'revoke', keyId], { env: system.environment })).code).toBe(0);

  for (const call of [a, b]) {
    const { body } = await waitFor(
      async () => {
        const answer = await call('/v1/tenants');
        return answer.status === 401 ? answer : undefined;
      },
      { what: 'a refused key' },
    );
    expect(body.code).toBe('KEY_UNKNOWN');
  }
});

function replayedBy({ headers }: Answered): string | null {
  return headers.get('idempotency-replayed');
}
