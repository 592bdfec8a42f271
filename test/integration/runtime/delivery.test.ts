import { describe, expect, test } from 'vitest';
import { ROUNDING_MS } from '../../support/clock.ts';
import { CIRCUIT_THRESHOLD } from '../../support/flow/constants.ts';
import { logOf } from '../../support/gwm.ts';
import { waitFor } from '../../support/wait-for.ts';
import { setStage } from './stage.ts';

const stage = setStage();

describe('a message', () => {
  test('is delivered end to end, once', async () => {
    const { state, attemptsMade, result, jobId } = await stage.run({ conversationId: 'conv-1' });

    expect(state).toBe('completed');
    expect(attemptsMade).toBe(1);
    expect(result).toEqual({
      messageId: expect.stringMatching(/^msg-/),
      requestMs: expect.any(Number),
    });
    expect(await stage.system.sandbox.requests('message.send')).toMatchObject([
      { status: 200, tenant: stage.tenantId, requestId: jobId, sequence: 1, conversationId: 'conv-1' },
    ]);
    expect(stage.system.sandbox.stats()).toMatchObject({ accepted: 1, duplicates: 0, rateLimited: 0 });
  });

  test('in HTML is written anew, without its original bytes', async () => {
    const content = "<P title='a\"b'>Tom & Jerry<br/>one<p>two";
    const { state } = await stage.run({ body: { contentType: 'text/html', content } });

    expect(state).toBe('completed');
    expect(await stage.system.sandbox.requests('message.send')).toMatchObject([
      { body: { body: { content: '<p title="a&quot;b">Tom &amp; Jerry<br>one</p><p>two</p>' } } },
    ]);
  });

  test('has one log line with its outcome', async () => {
    const { jobId } = await stage.run({ conversationId: 'conv-1' });

    const lines = await waitFor(() => linesOf(jobId), { what: 'the log line' });
    expect(lines).toMatchObject([
      { event: 'job.done', level: 30, tenantId: stage.tenantId, attempt: 1, conversationId: 'conv-1' },
    ]);
  });

  test('carries its sequence number in the conversation', async () => {
    const jobIds = [await stage.enqueue(), await stage.enqueue(), await stage.enqueue()];
    for (const jobId of jobIds) await stage.system.ended(jobId);

    const requests = await stage.system.sandbox.requests('message.send');
    const sequences = new Map(requests.map(({ requestId, sequence }) => [requestId, sequence]));
    expect(jobIds.map((jobId) => sequences.get(jobId))).toEqual([1, 2, 3]);
  });
});

describe('a temporary failure', () => {
  test.each([408, 500, 502, 503, 504])('with %i leads to a retry with the same id', async (status) => {
    stage.usePatientTenant();
    await injectTimes(2, { status });

    const { state, attemptsMade, jobId } = await stage.run();

    expect(state).toBe('completed');
    expect(attemptsMade).toBe(3);
    const requests = await stage.system.sandbox.requests('message.send');
    expect(requests.map((request) => [request.status, request.requestId, request.sequence])).toEqual([
      [status, jobId, 1],
      [status, jobId, 1],
      [200, jobId, 1],
    ]);
  });

  test('makes a dead letter with its code after the time for retries', async () => {
    await injectTimes(100, { status: 503 });

    const { state, attemptsMade, failedReason } = await stage.run();

    expect(state).toBe('failed');
    expect(attemptsMade).toBeGreaterThan(1);
    expect(failedReason).toMatch(/^GENESYS_UNAVAILABLE: message\.send: Genesys Cloud answered 503/);
    // A pause of the circuit is longer than the time for retries: one request comes after it.
    const requests = await stage.system.sandbox.requests('message.send');
    expect(requests.length).toBeLessThanOrEqual(CIRCUIT_THRESHOLD + 1);
  });

  test('of the connection leads to a retry that succeeds', async () => {
    const { sandbox } = stage.system;
    await sandbox.inject({ operations: { 'message.send': { dropRate: 1 } } });
    const jobId = await stage.enqueue();
    await waitFor(async () => (await sandbox.requests('message.send')).length > 0, { what: 'a try' });

    await sandbox.inject({});

    expect(await stage.system.ended(jobId)).toMatchObject({ state: 'completed' });
    expect(sandbox.stats()).toMatchObject({ accepted: 1, duplicates: 0 });
  });

  test('of requests without an answer in time makes a dead letter in the end', async () => {
    await stage.system.sandbox.inject({ operations: { 'message.send': { hang: 1 } } });

    const { state, failedReason } = await stage.run();

    expect(state).toBe('failed');
    expect(failedReason).toMatch(/^GENESYS_UNREACHABLE: .*no answer within 5000 ms/);
    expect(await stage.system.sandbox.requests('message.send')).toHaveLength(2);
  });

  test('waits for the time that a 503 asks for', async () => {
    await injectTimes(1, { status: 503, retryAfterSeconds: 1 });

    const { state } = await stage.run();

    expect(state).toBe('completed');
    const [first, second] = await stage.system.sandbox.requests('message.send');
    expect(Date.parse(second?.at ?? '') - Date.parse(first?.at ?? '')).toBeGreaterThanOrEqual(
      1000 - ROUNDING_MS,
    );
  });

  test('counts in the bucket: a series opens the circuit, and all messages are delivered afterwards', async () => {
    // The jobs of the others end while the test waits for the circuit, when the machine is slow.
    stage.usePatientTenant();
    const { sandbox, flow } = stage.system;
    const bucket = { tenantId: stage.tenantId, bucketClass: 'messages' } as const;
    await sandbox.inject({ operations: { 'message.send': { errors: [{ status: 500, rate: 1 }] } } });
    const jobIds = await Promise.all(
      Array.from({ length: 10 }, (_, n) => stage.enqueue({ conversationId: `conv-${n}` })),
    );
    await waitFor(async () => (await flow.status(bucket)).reason === 'circuit-open', {
      what: 'an open circuit',
    });

    await sandbox.inject({});

    const ends = await Promise.all(jobIds.map((jobId) => stage.system.ended(jobId)));
    expect(ends.map(({ state }) => state)).toEqual(jobIds.map(() => 'completed'));
    expect(await flow.status(bucket)).toMatchObject({ reason: '', failures: 0, pausedForMs: 0 });
  });
});

describe('a lost answer', () => {
  test('makes the worker send the message again with the same id', async () => {
    const { sandbox } = stage.system;
    await sandbox.inject({ operations: { 'message.send': { loseReplyRate: 1 } } });
    const jobId = await stage.enqueue();
    await waitFor(() => sandbox.stats().accepted > 0, { what: 'a message that was taken' });

    await sandbox.inject({});

    expect(await stage.system.ended(jobId)).toMatchObject({ state: 'completed' });
    expect(sandbox.stats().duplicates).toBe(sandbox.stats().accepted - 1);
  });

  test('with a complete head is no lost answer: the message is not sent again', async () => {
    await stage.system.sandbox.inject({ operations: { 'message.send': { slowBodyMs: 60_000 } } });

    const { state, result } = await stage.run();

    expect(state).toBe('completed');
    expect(result).toMatchObject({ messageId: null });
    expect(stage.system.sandbox.stats()).toMatchObject({ accepted: 1, duplicates: 0 });
  });
});

function linesOf(jobId: string) {
  const lines = logOf(stage.worker).filter((line) => line.jobId === jobId);
  return lines.length > 0 ? lines : undefined;
}

async function injectTimes(times: number, error: { status: number; retryAfterSeconds?: number }) {
  await stage.system.sandbox.inject({
    operations: { 'message.send': { errors: [{ ...error, rate: 1, times }] } },
  });
}
