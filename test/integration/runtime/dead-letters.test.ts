import { describe, expect, test } from 'vitest';
import { logOf } from '../../support/gwm.ts';
import { enqueueShortLived, message } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { setStage } from './stage.ts';

const KIND = 'message-transmission';
const stage = setStage();

describe('a message that Genesys Cloud refuses', () => {
  test.each([
    [400, 'CONTENT_REFUSED'],
    [404, 'NOT_FOUND'],
    [409, 'CONFLICT'],
    [413, 'CONTENT_REFUSED'],
    [422, 'CONTENT_REFUSED'],
  ])('with %i is a dead letter at once: %s', async (status, code) => {
    await answerOnceWith({ status });

    const { state, attemptsMade, failedReason } = await stage.run();

    expect(state).toBe('failed');
    expect(attemptsMade).toBe(1);
    expect(failedReason).toMatch(new RegExp(`^${code}: message\\.send: Genesys Cloud answered ${status}`));
    expect(await stage.system.sandbox.requests('message.send')).toHaveLength(1);
  });

  test('has the names of the refused fields', async () => {
    await answerOnceWith({
      status: 400,
      body: { code: 'bad.request', details: [{ fieldName: 'to.id', errorCode: 'not.known' }] },
    });

    const { failedReason } = await stage.run();

    expect(failedReason).toContain('to.id: not.known');
  });

  test('does not hold up the next one', async () => {
    await answerOnceWith({ status: 400 });
    const refused = await stage.enqueue();
    expect(await stage.system.ended(refused)).toMatchObject({ state: 'failed' });

    expect(await stage.run()).toMatchObject({ state: 'completed' });
  });
});

describe('a job after the death of too many workers', () => {
  test('is sent after an operator retries it', async () => {
    const { client, flow, queues, jobs } = stage.system;
    const bucket = { tenantId: stage.tenantId, bucketClass: 'messages' } as const;
    await flow.pause(bucket, 60_000, 'by hand');
    const jobId = await stage.enqueue();
    await client.hset(keyOf(jobId), heldBy('a', 'b', 'c', 'd'));
    await queues.wake(await flow.resume(bucket));
    const ending = { tenantId: stage.tenantId };
    expect(await stage.system.ended(jobId, ending)).toMatchObject({
      state: 'failed',
      failedReason: expect.stringMatching(/^JOB_CRASHED_WORKERS/),
    });

    expect(await jobs.retry(KIND, jobId)).toBe('retried');

    const job = async () => (await queues.of(KIND, stage.tenantId).getJobState(jobId)) === 'completed';
    await waitFor(job, { what: 'the message' });
  });
});

describe('a job after the end of too many locks', () => {
  test('is sent if its workers live, or stopped in order', async () => {
    const { client, keys, flow, queues } = stage.system;
    const bucket = { tenantId: stage.tenantId, bucketClass: 'messages' } as const;
    const workers = ['alive-1', 'alive-2', 'left-1', 'left-2', 'left-3'];
    for (const name of workers) await client.set(keys.worker(0, name), name.slice(0, -2), 'PX', 60_000);
    await flow.pause(bucket, 60_000, 'by hand');
    const jobId = await stage.enqueue();
    await client.hset(keyOf(jobId), { stc: '9', ...heldBy(...workers) });

    await queues.wake(await flow.resume(bucket));

    expect(await stage.system.ended(jobId, { tenantId: stage.tenantId })).toMatchObject({
      state: 'completed',
    });
  });
});

describe('a 403', () => {
  test('for an open session has the name of the missing scope', async () => {
    await answerOnceWith({ status: 403 });

    const { state, failedReason } = await stage.run({ conversationId: 'conv-open' });

    expect(state).toBe('failed');
    expect(failedReason).toMatch(/^SCOPE_MISSING: .*messaging:conversation:write/);
    expect(await stage.system.sandbox.requests('session.read')).toMatchObject([{ status: 200 }]);
  });

  test('for an ended session means that the conversation is closed', async () => {
    await stage.system.sandbox.endSession(stage.tenantId, 'conv-ended');

    const { state, failedReason } = await stage.run({ conversationId: 'conv-ended' });

    expect(state).toBe('failed');
    expect(failedReason).toBe('CONVERSATION_CLOSED: the guest session has ended');
  });

  test('for an unknown session means that the conversation is closed', async () => {
    await answerOnceWith({ status: 403 }, { 'session.read': { errors: [{ status: 404, rate: 1 }] } });

    expect((await stage.run()).failedReason).toMatch(/^CONVERSATION_CLOSED/);
  });

  test('for the look-up of the session means a missing scope too', async () => {
    await answerOnceWith({ status: 403 }, { 'session.read': { errors: [{ status: 403, rate: 1 }] } });

    expect((await stage.run()).failedReason).toMatch(/^SCOPE_MISSING: .*messaging:conversation:write/);
  });

  test('leads to a retry if the look-up of the session fails for now', async () => {
    await answerOnceWith(
      { status: 403 },
      { 'session.read': { errors: [{ status: 503, rate: 1, times: 1 }] } },
    );

    const { state, attemptsMade } = await stage.run();

    expect(state).toBe('completed');
    expect(attemptsMade).toBe(2);
  });
});

describe('a message whose time is over', () => {
  test('is a dead letter, and is not sent', async () => {
    const { system, tenantId } = stage;

    const { state, attemptsMade, failedReason } = await system.expire(KIND, message({ tenantId }));

    expect(state).toBe('failed');
    expect(attemptsMade).toBe(1);
    expect(failedReason).toMatch(/^JOB_EXPIRED: expired at 20.*Z$/);
    expect(stage.system.sandbox.stats().byOperation['message.send']).toMatchObject({
      accepted: 0,
      rejected: 0,
    });
  });

  test('during a pause is not sent afterwards, and gives its reservation back', async () => {
    await answerOnceWith({ status: 429, retryAfterSeconds: 600 });
    const paused = await stage.enqueue();
    await waitFor(() => logOf(stage.worker).some(({ jobId, error }) => jobId === paused && error), {
      what: 'the 429',
    });
    const expired = await enqueueShortLived(
      stage.system.openProducer(),
      KIND,
      message({ tenantId: stage.tenantId }),
    );

    expect(await stage.system.ended(expired)).toMatchObject({
      state: 'failed',
      failedReason: expect.stringMatching(/^JOB_EXPIRED/),
    });
    const { client, keys, flow, queues } = stage.system;
    await queues.wake(await flow.resume({ tenantId: stage.tenantId, bucketClass: 'messages' }));
    expect(await stage.system.ended(paused)).toMatchObject({ state: 'completed' });

    expect(stage.system.sandbox.stats().accepted).toBe(1);
    const reserved = `${keys.own(stage.tenantId)}reserved:${stage.tenantId}:messages`;
    expect(await client.zcard(reserved)).toBe(0);
  });

  test('is not sent, unlike one with time left', async () => {
    const expiresAt = new Date(Date.now() + 60_000).toISOString();

    expect(await stage.run({ expiresAt })).toMatchObject({ state: 'completed' });
  });
});

describe('data that another program puts into the queue', () => {
  test.each([
    ['nothing', undefined, 'expected object'],
    ['a text', 'hello', 'expected object'],
    ['no envelope', { hello: 'world' }, 'tenantId: expected string, but it is missing'],
    ['an empty payload', { tenantId: 'tenant-0', payload: {} }, 'conversationId: '],
  ])('becomes a dead letter with the errors: %s', async (_what, data, issue) => {
    const { state, attemptsMade, failedReason } = await runRaw(data);

    expect(state).toBe('failed');
    expect(attemptsMade).toBe(1);
    expect(failedReason).toMatch(/^JOB_INVALID: /);
    expect(failedReason).toContain(issue);
    expect(await stage.system.sandbox.requests()).toEqual([]);
  });

  test('is checked as strictly as the jobs of producers', async () => {
    const payload = message({
      tenantId: stage.tenantId,
      body: { contentType: 'text/plain', content: '<script>' },
    });

    const { failedReason } = await runRaw({ tenantId: stage.tenantId, payload });

    expect(failedReason).toMatch(/^JOB_INVALID: body\.content: blocked by the pattern/);
  });
});

describe('an unknown tenant', () => {
  test('makes its job wait: the worker retries it, and gives up in the end', async () => {
    const tenantId = 'unknown';
    const { jobIds } = await stage.system.openProducer().enqueue(KIND, message({ tenantId }));
    const { state, attemptsMade, failedReason } = await stage.system.ended(jobIds[0], { tenantId });

    expect(state).toBe('failed');
    expect(attemptsMade).toBeGreaterThan(1);
    expect(failedReason).toMatch(/^TENANT_UNKNOWN: there is no such tenant in /);
  });
});

/** BullMQ's hash of a message. */
function keyOf(jobId: string): string {
  return stage.system.queues.of(KIND, stage.tenantId).toKey(jobId);
}

/** The fields of a job after its lock ran out while these workers had it. */
function heldBy(...workers: string[]): Record<string, string> {
  return Object.fromEntries(workers.map((worker, index) => [`gwm:held:${index + 1}`, worker]));
}

interface InjectedAnswer {
  readonly status: number;
  readonly retryAfterSeconds?: number;
  readonly body?: unknown;
}

async function answerOnceWith(answer: InjectedAnswer, others: object = {}): Promise<void> {
  const errors = [{ ...answer, rate: 1, times: 1 }];
  await stage.system.sandbox.inject({ operations: { 'message.send': { errors }, ...others } });
}

/** Puts a job into the queue without a producer. */
async function runRaw(data: unknown) {
  const job = await stage.system.queues.of(KIND, stage.tenantId).add(KIND, data);
  return await stage.system.ended(job.id);
}
