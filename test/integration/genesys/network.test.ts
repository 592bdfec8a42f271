import { describe, expect, test } from 'vitest';
import { ROUNDING_MS } from '../../support/clock.ts';
import { freePort } from '../../support/listen.ts';
import { openReceiver } from '../../support/receiver.ts';
import { openSystem } from '../../support/system.ts';
import { failureOf, openCaller } from './caller.ts';

/** A loaded machine fetches a token within this time. */
const TIMEOUT_MS = 3000;
const UNREACHABLE = { code: 'GENESYS_UNREACHABLE', disposition: 'retry', status: undefined };

describe('a request without an answer', () => {
  test('ends after its time-out', async () => {
    const system = await openSystem();
    await system.sandbox.inject({ operations: { 'message.send': { hang: 1 } } });
    const caller = openCaller(system, { requestTimeoutMs: TIMEOUT_MS });
    await caller.tokens.get(caller.tenant());
    const startedMs = performance.now();

    const error = await failureOf(caller.send('job-1'));

    expect(error).toMatchObject(UNREACHABLE);
    expect(error.message).toBe(
      `message.send: no answer from ${system.sandbox.url}: no answer within ${TIMEOUT_MS} ms`,
    );
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(TIMEOUT_MS - ROUNDING_MS);
  });

  test('is an error if the connection breaks', async () => {
    const system = await openSystem();
    await system.sandbox.inject({ operations: { 'message.send': { dropRate: 1 } } });

    expect(await failureOf(openCaller(system).send('job-1'))).toMatchObject(UNREACHABLE);
    expect(system.sandbox.stats().accepted).toBe(0);
  });

  test('has an unknown outcome if only the answer is lost', async () => {
    const system = await openSystem();
    await system.sandbox.inject({ operations: { 'message.send': { loseReplyRate: 1 } } });

    expect(await failureOf(openCaller(system).send('job-1'))).toMatchObject(UNREACHABLE);
    expect(system.sandbox.stats().accepted).toBe(1);
    expect(await system.sandbox.requests('message.send')).toHaveLength(1);
  });

  test('is an error with the host and the reason', async () => {
    const system = await openSystem();
    const caller = openCaller(system);
    const tenant = {
      ...caller.tenant(),
      hosts: { login: system.sandbox.url, api: `http://127.0.0.1:${await freePort()}` },
    };

    const error = await failureOf(caller.send('job-1', { tenant }));

    expect(error).toMatchObject(UNREACHABLE);
    expect(error.message).toContain(tenant.hosts.api);
    expect(error.message).toContain('ECONNREFUSED');
  });

  test('ends at once if the worker aborts the job', async () => {
    const system = await openSystem();
    await system.sandbox.inject({ operations: { 'message.send': { hang: 1 } } });
    const caller = openCaller(system, { requestTimeoutMs: 600_000 });
    await caller.tokens.get(caller.tenant());
    const worker = new AbortController();

    const failure = failureOf(caller.send('job-1', { signal: worker.signal }));
    worker.abort();

    expect(await failure).toMatchObject({ code: 'GENESYS_UNREACHABLE' });
  });
});

describe('an answer with a head of status 200', () => {
  test('is a delivery without its body, and the message is not sent again', async () => {
    const system = await openSystem();
    await system.sandbox.inject({ operations: { 'message.send': { slowBodyMs: 60_000 } } });
    const caller = openCaller(system, { requestTimeoutMs: TIMEOUT_MS });

    expect(await caller.send('job-1')).toEqual({ messageId: null });

    expect(system.sandbox.stats()).toMatchObject({ accepted: 1, duplicates: 0 });
    expect(await system.sandbox.requests('message.send')).toHaveLength(1);
  });

  test('is read completely if the body comes in time', async () => {
    const system = await openSystem();
    await system.sandbox.inject({ operations: { 'message.send': { slowBodyMs: 200 } } });

    expect(await openCaller(system).send('job-1')).toEqual({ messageId: expect.stringMatching(/^msg-/) });
  });
});

describe('a redirect', () => {
  test('is not followed, because the token is for the host of the tenant only', async () => {
    const system = await openSystem();
    const elsewhere = await openReceiver();
    const api = await openReceiver();
    api.answerWith({ status: 307, headers: { location: `${elsewhere.url}/messages` } });
    const caller = openCaller(system);
    const tenant = { ...caller.tenant(), hosts: { login: system.sandbox.url, api: api.url } };

    expect(await failureOf(caller.send('job-1', { tenant }))).toMatchObject({
      code: 'GENESYS_REFUSED',
      status: 307,
    });
    expect(elsewhere.received).toEqual([]);
  });
});
