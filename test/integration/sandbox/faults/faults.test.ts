import { describe, expect, test, vi } from 'vitest';
import { ROUNDING_MS } from '../../../support/clock.ts';
import { guideMessage } from '../../../support/guides/message.ts';
import { messagesPath, openStage, type Stage } from '../caller.ts';

/** Pieces of a slow body. A timer goes before each. */
const PIECES = 10;

function sendRaw(stage: Stage, token: string, signal?: AbortSignal): Promise<Response> {
  return fetch(stage.sandbox.url + messagesPath, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(guideMessage),
    ...(signal === undefined ? {} : { signal }),
  });
}

describe('an injected error', () => {
  test.each([
    [400, 'bad.request', 'rejected'],
    [401, 'authentication.required', 'unauthorized'],
    [409, 'request.conflict', 'conflicts'],
    [429, 'too.many.requests', 'rateLimited'],
  ] as const)(
    '%i has the shape of the API and the code %s, and counts as %s',
    async (status, code, counter) => {
      await using stage = await openStage();
      const token = await stage.tokenOf('acme');
      await stage.inject({ operations: { 'message.send': { errors: [{ status, rate: 1 }] } } });
      const reply = await stage.send(token);
      expect(reply.status).toBe(status);
      expect(reply.headers.get('retry-after')).toBeNull();
      expect(reply.body).toMatchObject({ code, status, contextId: reply.headers.get('inin-correlation-id') });
      const { byTenant, accepted, ...counts } = stage.sandbox.stats();
      expect(counts[counter]).toBe(1);
      expect(accepted).toBe(0);
      expect(byTenant['acme']?.[counter]).toBe(1);
    },
  );

  test('with a 5xx status adds to no counter, and the request is not handled', async () => {
    await using stage = await openStage();
    const token = await stage.tokenOf('acme');
    const before = stage.sandbox.stats();
    await stage.inject({ operations: { 'message.send': { errors: [{ status: 503, rate: 1 }] } } });
    expect((await stage.send(token)).status).toBe(503);
    expect(stage.sandbox.stats()).toEqual(before);
    await stage.inject({});
    expect((await stage.send(token)).headers.get('x-ratelimit-remaining')).toBe('99');
  });

  test('has the Retry-After and the body of the plan', async () => {
    await using stage = await openStage();
    const errors = [
      { status: 503, rate: 1, times: 1, retryAfterSeconds: 7, body: { hint: 'later' } },
      { status: 502, rate: 1, times: 1, body: '<html>bad gateway</html>' },
    ];
    await stage.inject({ operations: { 'message.send': { errors } } });
    const first = await stage.send(undefined);
    expect([first.status, first.headers.get('retry-after'), first.body]).toEqual([
      503,
      '7',
      { hint: 'later' },
    ]);
    const second = await stage.send(undefined);
    expect([second.status, second.headers.get('content-type'), second.body]).toEqual([
      502,
      'text/plain',
      '<html>bad gateway</html>',
    ]);
  });

  test('strikes at most `times` requests', async () => {
    await using stage = await openStage();
    const token = await stage.tokenOf('acme');
    await stage.inject({ operations: { '*': { errors: [{ status: 500, rate: 1, times: 2 }] } } });
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await stage.send(token)).status);
    expect(statuses).toEqual([500, 500, 200, 200]);
  });

  test('strikes the same requests each time the plan starts', async () => {
    await using stage = await openStage();
    const token = await stage.tokenOf('acme');
    const run = async (seed: number) => {
      await stage.inject({ seed, operations: { '*': { errors: [{ status: 500, rate: 0.5 }] } } });
      const statuses: number[] = [];
      for (let count = 0; count < 20; count += 1) statuses.push((await stage.send(token)).status);
      return statuses;
    };
    const first = await run(1);
    expect(new Set(first)).toEqual(new Set([200, 500]));
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
  });

  test.each([
    [400, 'invalid_request'],
    [401, 'invalid_client'],
    [500, 'server_error'],
  ])('of the token operation has the shape of the login host: %i %s', async (status, error) => {
    await using stage = await openStage();
    await stage.inject({ operations: { 'oauth.token': { errors: [{ status, rate: 1 }] } } });
    const reply = await stage.login('acme');
    expect(reply.status).toBe(status);
    expect(reply.body).toMatchObject({ error, error_description: expect.any(String) });
  });
});

describe('a connection', () => {
  test('can close before the sandbox handles the request', async () => {
    await using stage = await openStage();
    const token = await stage.tokenOf('acme');
    await stage.inject({ operations: { 'message.send': { dropRate: 1 } } });
    await expect(stage.send(token)).rejects.toThrow('fetch failed');
    expect(stage.sandbox.stats().accepted).toBe(0);
    expect(await stage.requests('?operation=message.send')).toMatchObject([{ status: null, tenant: 'acme' }]);
  });

  test('can close after the sandbox has accepted the request', async () => {
    await using stage = await openStage();
    const token = await stage.tokenOf('acme');
    await stage.inject({ operations: { 'message.send': { loseReplyRate: 1 } } });
    await expect(stage.send(token, guideMessage, { 'x-genesys-request-id': 'job-1' })).rejects.toThrow(
      'fetch failed',
    );
    expect(stage.sandbox.stats()).toMatchObject({ accepted: 1, duplicates: 0 });
    await stage.inject({});
    await stage.send(token, guideMessage, { 'x-genesys-request-id': 'job-1' });
    expect(stage.sandbox.stats()).toMatchObject({ accepted: 2, duplicates: 1 });
  });

  test('stays open when the sandbox refuses the request', async () => {
    await using stage = await openStage();
    await stage.inject({ operations: { 'message.send': { loseReplyRate: 1 } } });
    expect((await stage.send(undefined)).status).toBe(401);
  });

  test('can hang: the sandbox neither handles nor answers the request', async () => {
    await using stage = await openStage();
    const token = await stage.tokenOf('acme');
    await stage.inject({ operations: { 'message.send': { hang: 1 } } });
    const patience = new AbortController();
    let isAnswered = false;
    const outcome = sendRaw(stage, token, patience.signal).finally(() => {
      isAnswered = true;
    });
    await vi.waitUntil(async () => (await stage.requests('?operation=message.send')).length === 1);
    expect(await stage.requests('?operation=message.send')).toMatchObject([{ status: null }]);
    expect(stage.sandbox.stats().accepted).toBe(0);
    expect(isAnswered).toBe(false);
    patience.abort();
    await expect(outcome).rejects.toThrow(/abort/);
  });
});

describe('a slow answer', () => {
  test('comes after the latency; the request is handled even when the caller has gone', async () => {
    await using stage = await openStage();
    const token = await stage.tokenOf('acme');
    await stage.inject({ operations: { 'message.send': { latencyMs: 400 } } });
    await expect(sendRaw(stage, token, AbortSignal.timeout(150))).rejects.toThrow(/timeout/);
    expect(stage.sandbox.stats().accepted).toBe(0);
    const startedAtMs = performance.now();
    expect((await stage.send(token)).status).toBe(200);
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(400 - ROUNDING_MS);
    expect(stage.sandbox.stats().accepted).toBe(2);
  });

  test('sends its head at once, and its body in pieces', async () => {
    await using stage = await openStage();
    const token = await stage.tokenOf('acme');
    await stage.inject({ operations: { 'message.send': { slowBodyMs: 60_000 } } });
    // The whole answer would take a minute.
    const head = await sendRaw(stage, token);
    expect(head.headers.get('x-ratelimit-remaining')).toBe('99');
    await head.body?.cancel();

    await stage.inject({ operations: { 'message.send': { slowBodyMs: 600 } } });
    const startedAtMs = performance.now();
    const pieces: Uint8Array[] = [];
    for await (const piece of (await sendRaw(stage, token)).body ?? []) pieces.push(piece);
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(600 - PIECES * ROUNDING_MS);
    expect(pieces.length).toBeGreaterThan(1);
    expect(JSON.parse(Buffer.concat(pieces).toString())).toMatchObject({ deliveryStatus: 'delivered' });
  });
});

describe('PUT /__sandbox/faults', () => {
  test('replaces the whole plan, which GET shows', async () => {
    await using stage = await openStage();
    await stage.inject({ operations: { '*': { dropRate: 1 } } });
    const plan = { seed: 4, operations: { 'oauth.token': { latencyMs: { min: 0, max: 1 } } } };
    await stage.inject(plan);
    expect((await stage.call('/__sandbox/faults')).body).toEqual(plan);
    expect((await stage.send(undefined)).status).toBe(401);
    await stage.inject({});
    expect((await stage.call('/__sandbox/faults')).body).toEqual({});
  });

  test.each([
    [
      '{"operations":{"message.send":{"dropRate":2}}}',
      'operations["message.send"].dropRate: wanted a number of at most 1, got 2',
    ],
    [
      '{"foreignLoad":[{"tenant":"acne","class":"messages","perSecond":1}]}',
      'foreignLoad[0].tenant: wanted one of',
    ],
    ['{', 'wanted JSON'],
    ['', 'wanted object, got nothing'],
  ])('refuses %s with the reason, and keeps the plan', async (body, sentence) => {
    await using stage = await openStage();
    await stage.inject({ seed: 9 });
    const reply = await stage.call('/__sandbox/faults', { method: 'PUT', body });
    expect(reply.status).toBe(400);
    expect(reply.body.problems).toEqual([expect.stringContaining(sentence)]);
    expect((await stage.call('/__sandbox/faults')).body).toEqual({ seed: 9 });
  });
});
