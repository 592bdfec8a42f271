import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { CodedError } from '../../../src/core/errors.ts';
import { awaitChildren, done, type Outcome } from '../../../src/core/outcome.ts';
import type { MessageTransmission } from '../../../src/jobs/message-transmission.ts';
import type { Child } from '../../../src/queues/children.ts';
import type { Handler, JobContext } from '../../../src/runtime/handler.ts';
import { message, openSystem, type System, text } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { KIND, open, run } from './in-process.ts';

/** What the handlers of these tests save. */
/** The life of a job at first. A machine that needs longer to begin the job gets twice as long. */
const LIFE_MS = 1000;
const note = z.object({ note: z.string() });

type MessageJob = JobContext<MessageTransmission>;

describe('a job that starts steps', () => {
  test('continues after all steps have ended, and reads the outcome of each', async () => {
    const { system, ran } = await setStage({
      parent: waitingFor(['good', 'bad']),
      child: async ({ data }) => {
        if (data.body.content === 'bad') throw new CodedError('CONFLICT', 'another program was faster');
        return done({ said: data.body.content });
      },
    });

    const jobId = await enqueue(system);

    expect(await system.ended(jobId)).toMatchObject({
      state: 'completed',
      result: {
        good: { status: 'done', result: { said: 'good' } },
        bad: { status: 'failed', reason: 'CONFLICT: another program was faster' },
      },
    });
    expect(ran.sort()).toEqual(['bad', 'good', 'parent', 'parent']);
  });

  test('shows how many of its steps have ended', async () => {
    const { system } = await setStage({ parent: waitingFor(['one', 'two']), child: async () => done({}) });

    const jobId = await enqueue(system);
    await system.ended(jobId);

    expect(await system.jobs.get(KIND, jobId)).toMatchObject({ steps: { pending: 0, done: 2, failed: 0 } });
  });

  test('starts each step once, although its worker died after the start of the steps', async () => {
    let deaths = 0;
    const { system, ran } = await setStage({
      parent: async (own) => {
        const states = await own.steps.children();
        await own.steps.begin(children(['good', 'bad']));
        if (deaths++ === 0) {
          await waitFor(async () => (await endedChildren(own)) === 2, { what: 'the end of both' });
          throw new TypeError('as good as dead');
        }
        return states.size < 2 ? awaitChildren() : done(Object.fromEntries(states));
      },
      child: async ({ data }) => {
        if (data.body.content === 'bad') throw new CodedError('CONFLICT', 'another program was faster');
        return done({});
      },
    });

    const jobId = await enqueue(system);

    expect(await system.ended(jobId)).toMatchObject({
      state: 'completed',
      result: { good: { status: 'done' }, bad: { status: 'failed' } },
    });
    expect(ran.sort()).toEqual(['bad', 'good', 'parent', 'parent']);
  });

  test('continues after an operator removes a step', async () => {
    const { system } = await setStage({
      parent: async (own) => {
        if (own.steps.saved(note)) return done({ known: (await own.steps.children()).size });
        await own.steps.begin(children(['one', 'two']));
        await own.steps.save({ note: 'begun', begun: true });
        return awaitChildren();
      },
      child: async () => done({}),
    });
    await slow(system);
    const jobId = await enqueue(system);
    await waitUntilWaiting(system, jobId);

    await system.queues.of(KIND, 'acme').remove(`${jobId}-one`);
    await hasten(system);

    expect(await system.ended(jobId)).toMatchObject({ state: 'completed', result: { known: 1 } });
  });

  test('ends its waiting steps and concludes with the finished ones when it is cancelled', async () => {
    const { system, ran } = await setStage({
      parent: waitingFor(['one', 'two']),
      child: async () => done({}),
    });
    await slow(system);
    const jobId = await enqueue(system);
    await waitUntilWaiting(system, jobId);

    expect(await system.jobs.cancel(KIND, jobId)).toBe('cancelled');
    await hasten(system);

    expect(await system.ended(jobId)).toMatchObject({
      state: 'completed',
      result: {
        one: { status: 'failed', reason: expect.stringMatching(/^JOB_CANCELLED/) },
        two: { status: 'failed', reason: expect.stringMatching(/^JOB_CANCELLED/) },
      },
    });
    expect(ran).toEqual(['parent', 'parent']);
  });

  test('is retried with its failed steps', async () => {
    let issues = 2;
    const { system } = await setStage({
      parent: async (own) => {
        const outcome = await waitingFor(['good', 'bad'])(own);
        const states = await own.steps.children();
        if (states.get('bad')?.status === 'failed') throw new CodedError('CONFLICT', 'one of them failed');
        return outcome;
      },
      child: async ({ data }) => {
        if (data.body.content === 'bad' && issues-- > 1) throw new CodedError('CONFLICT', 'busy');
        return done({});
      },
    });
    const jobId = await enqueue(system);
    expect(await system.ended(jobId)).toMatchObject({ state: 'failed' });

    expect(await system.jobs.retry(KIND, jobId)).toBe('retried');

    const isDone = async () => (await system.queues.of(KIND, 'acme').getJobState(jobId)) === 'completed';
    await waitFor(isDone, { what: 'its success' });
  });
});

describe('the saved state of a job', () => {
  test('is available in the next run', async () => {
    const { system } = await setStage({
      parent: async (own) => {
        const saved = own.steps.saved(note);
        if (saved) return done({ found: saved.note });
        await own.steps.save({ note: 'half way' });
        throw new TypeError('as good as dead');
      },
    });

    expect(await system.ended(await enqueue(system))).toMatchObject({ result: { found: 'half way' } });
  });

  test.for([
    { begun: true, ends: { state: 'completed' } },
    { begun: false, ends: { state: 'failed', failedReason: expect.stringMatching(/^JOB_EXPIRED/) } },
  ])('decides whether the job may expire after it was saved: begun $begun', async ({ begun, ends }) => {
    let expiresAtMs = Number.POSITIVE_INFINITY;
    const { system, ran } = await setStage({
      parent: async (own) => {
        if (own.steps.saved(note)) return done({});
        await own.steps.save({ note: 'begun', begun });
        await waitFor(() => Date.now() > expiresAtMs, { what: 'its expiry' });
        throw new TypeError('once more, please');
      },
    });

    let jobId = '';
    for (let lifeMs = LIFE_MS; ran.length === 0; lifeMs *= 2) {
      expiresAtMs = Date.now() + lifeMs;
      const expiresAt = new Date(expiresAtMs).toISOString();
      jobId = await enqueue(system, { expiresAt }).catch(() => '');
      if (jobId !== '') await system.ended(jobId);
    }

    expect(await system.ended(jobId)).toMatchObject(ends);
  });
});

const BUCKET = { tenantId: 'acme', bucketClass: 'messages' } as const;

interface Roles {
  readonly parent: Handler<MessageTransmission>;
  readonly child?: Handler<MessageTransmission>;
}

/** A worker in this process. Its messages with the text `parent` start steps. */
async function setStage({ parent, child = parent }: Roles): Promise<{ system: System; ran: string[] }> {
  const system = await openSystem({ hasOwnHandlers: true });
  const ran: string[] = [];
  const handler: Handler<MessageTransmission> = async (own) => {
    ran.push(own.data.body.content);
    return await (own.data.body.content === 'parent' ? parent : child)(own);
  };
  await run(await open(system), handler as Handler<never>);
  return { system, ran };
}

async function enqueue(system: System, fields: object = {}): Promise<string> {
  const data = message({ body: text('parent'), ...fields });
  const { jobIds } = await system.openProducer().enqueue(KIND, data);
  return jobIds[0] ?? '';
}

function waitingFor(names: readonly string[]): (own: MessageJob) => Promise<Outcome> {
  return async (own) => {
    const states = await own.steps.children();
    if (states.size === names.length) return done(Object.fromEntries(states));
    await own.steps.begin(children(names));
    return awaitChildren();
  };
}

function children(names: readonly string[]): Child[] {
  return names.map((name) => ({
    name,
    payload: message({ conversationId: `conversation of ${name}`.replaceAll(' ', '-'), body: text(name) }),
  }));
}

async function endedChildren(own: MessageJob): Promise<number> {
  return [...(await own.steps.children()).values()].filter(({ status }) => status !== 'pending').length;
}

/** The first request is sent; the requests of the steps are not. */
async function slow({ flow }: System): Promise<void> {
  await flow.configure(BUCKET, { capacity: 1, ratePerSecond: 0.01 });
}

async function hasten({ flow, queues }: System): Promise<void> {
  await queues.wake(await flow.configure(BUCKET, { capacity: 100, ratePerSecond: 100 }));
}

async function waitUntilWaiting({ queues }: System, jobId: string): Promise<void> {
  const isWaiting = async () => (await queues.of(KIND, 'acme').getJobState(jobId)) === 'waiting-children';
  await waitFor(isWaiting, { what: 'its wait for the jobs that it has begun' });
}
