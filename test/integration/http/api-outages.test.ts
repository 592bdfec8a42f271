import { describe, expect, test } from 'vitest';
import { SILENCE_MS } from '../../../src/redis/connect.ts';
import { openHoldingProxy } from '../../support/holding-proxy.ts';
import { openLoadingRedis } from '../../support/loading-redis.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import type { TestRedis } from '../../support/redis.ts';
import { message, openSystem, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { type Answered, type Caller, callerOf } from './calls.ts';
import { callsOfAllRoutes, isSend, type RouteCall } from './every-route.ts';
import { openServer } from './stage.ts';

/** Shorter than the default, so that no test waits for that. */
const IMPATIENT = { HTTP_ANSWER_TIMEOUT: '600ms' };
/** Without HTTP_ANSWER_TIMEOUT an answer comes when the connection gives a silent Redis up, ms. */
const TOO_LATE_MS = SILENCE_MS.caller;
/** The sends of one job, a batch of one line, one event. */
const SENDS = 8;

interface Outage {
  readonly code: 'REDIS_UNAVAILABLE';
  begin(): Promise<unknown>;
  end(): Promise<unknown>;
}

interface Case {
  readonly what: string;
  open(): Promise<{ readonly redis: TestRedis; outage(system: System): Outage }>;
}

const CASES: readonly Case[] = [
  {
    what: 'is killed',
    async open() {
      const redis = await openOwnRedis();
      return { redis, outage: () => awayBy(() => redis.kill('SIGKILL'), redis.restart) };
    },
  },
  {
    what: 'is silent',
    async open() {
      const redis = await openOwnRedis();
      return {
        redis,
        outage: () =>
          awayBy(
            () => redis.kill('SIGSTOP'),
            () => redis.kill('SIGCONT'),
          ),
      };
    },
  },
  {
    what: 'loads its data',
    async open() {
      const redis = await openLoadingRedis();
      return { redis, outage: () => awayBy(redis.load, redis.finish) };
    },
  },
];

function awayBy(begin: () => Promise<unknown>, end: () => Promise<unknown>): Outage {
  return { code: 'REDIS_UNAVAILABLE', begin, end };
}

describe.each(CASES)('while Redis $what', ({ open }) => {
  test('every route answers 503 soon, and what is sent again is accepted once', async () => {
    const { redis, outage } = await open();
    const system = await openSystem({ redis });
    const { url, keys } = await openServer(system, IMPATIENT);
    const call = callerOf(url, await keys.make());
    const calls = callsOfAllRoutes(await idsOf(call));
    const { code, begin, end } = outage(system);
    const idleMs = await lengthOf(() => Promise.all(calls.map(() => fetch(`${url}/errors`))));

    await begin();
    const answers = await Promise.all(calls.map(async (each) => ({ each, answer: await each.run(call) })));

    for (const { each, answer } of answers) {
      if (!each.asksRedis) {
        expect(answer.status, each.name).not.toBe(503);
        continue;
      }
      expectProblem(each, answer, code);
      // The machine needs some time for so many calls, also without Redis.
      expect(answer.tookMs, each.name).toBeLessThan(TOO_LATE_MS + 2 * idleMs);
    }
    await end();
    await acceptAll(system, call, calls.filter(isSend), 1);
  });
});

/** What a server asks Redis before the handler of a route, and in the background. */
const IN_FRONT = /^(?!.*:(api-key|api-quota|tenants-re))/s;

test('every route answers 503 soon when Redis falls silent behind the check of the key', async () => {
  const redis = await openOwnRedis();
  const proxy = await openHoldingProxy(redis.url);
  const system = await openSystem({ redis });
  const { url, keys } = await openServer(system, { ...IMPATIENT, REDIS_URL: proxy.url });
  const call = callerOf(url, await keys.make());
  const calls = callsOfAllRoutes(await idsOf(call));

  for (const each of calls.filter(({ needsRedis }) => needsRedis)) {
    const hold = proxy.hold(IN_FRONT);
    const answer = await each.run(call);
    hold.release();

    expectProblem(each, answer, 'REDIS_UNAVAILABLE');
    expect(answer.tookMs, each.name).toBeLessThan(TOO_LATE_MS);
  }
  await acceptAll(system, call, calls.filter(isSend), 1);
});

test('a Redis without memory takes no jobs, and no other route fails in another way', async () => {
  const redis = await openOwnRedis();
  const system = await openSystem({ redis });
  const { url, keys } = await openServer(system, IMPATIENT);
  const call = callerOf(url, await keys.make());
  const calls = callsOfAllRoutes(await idsOf(call));
  await system.client.config('SET', 'maxmemory', '1mb');

  for (const each of calls.filter(({ route }) => !(route.isStreamed && route.method === 'GET'))) {
    const answer = await each.run(call);
    if (answer.status === 503 || isSend(each)) expectProblem(each, answer, 'REDIS_FULL');
    else expect(answer.status, each.name).toBeLessThan(500);
  }

  await system.client.config('SET', 'maxmemory', '0');
  await acceptAll(system, call, calls.filter(isSend), 1);
});

test('a Redis that is nearly full takes no jobs, and shows those that it has', async () => {
  const redis = await openOwnRedis();
  const system = await openSystem({ redis });
  const { url, keys } = await openServer(system, IMPATIENT);
  const call = callerOf(url, await keys.make());
  const calls = callsOfAllRoutes(await idsOf(call));
  // Redis makes the value itself: one that is sent would count twice for a moment.
  await system.client.setrange('filler', 64 * 1024 * 1024, 'x');
  const used = Number(/^used_memory:(\d+)/m.exec(await system.client.info('memory'))?.[1]);
  await system.client.config('SET', 'maxmemory', String(Math.round(used / 0.95)));

  // The server asks Redis once a second how full it is.
  const body = { ...message(), idempotencyKey: 'until-full' };
  await waitFor(async () => (await call('/v1/messages', { body })).status === 503, {
    what: 'a refusal',
  });
  const filled = await countOf(system);
  const sends = calls.filter(isSend).filter(({ route }) => route.method === 'POST');
  for (const each of sends) expectProblem(each, await each.run(call), 'REDIS_FULL');
  expect((await call('/v1/jobs?tenant=acme')).status).toBe(200);

  await system.client.config('SET', 'maxmemory', '0');
  await acceptAll(system, call, sends, filled);
});

function expectProblem({ name }: RouteCall, { status, headers, body }: Answered, code: string): void {
  expect({ name, status, code: body.code }).toEqual({ name, status: 503, code });
  expect(headers.get('content-type'), name).toBe('application/problem+json');
  expect(Number(headers.get('retry-after')), name).toBeGreaterThan(0);
}

/** A job and a callback that are there before the outage. */
async function idsOf(call: Caller): Promise<{ job: string; callback: string }> {
  const { id } = (await call('/v1/messages', { body: message() })).body;
  return { job: id, callback: `wh-${id}-delivered` };
}

/**
 * Sends everything again until it is accepted, and once more. Redis has each job once.
 * @param others jobs beside these.
 */
async function acceptAll(
  system: System,
  call: Caller,
  calls: readonly RouteCall[],
  others: number,
): Promise<void> {
  const posts = calls.filter(({ route }) => route.method === 'POST');
  expect(posts).toHaveLength(SENDS);
  const accepted = async (each: RouteCall) => {
    const { status } = await each.run(call);
    return status === 202 || status === 200;
  };
  for (const each of posts) await waitFor(() => accepted(each), { what: `an accepted ${each.name}` });
  for (const each of posts) expect(await accepted(each)).toBe(true);
  // A call that was answered 503 may have been accepted when Redis fell silent with it under way.
  expect(await countOf(system)).toBe(others + SENDS);
}

async function countOf({ queues }: System): Promise<number> {
  const counts = await Promise.all(queues.all().map((queue) => queue.getJobCounts()));
  return counts.flatMap((each) => Object.values(each)).reduce((sum, count) => sum + count, 0);
}

async function lengthOf(act: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await act();
  return performance.now() - startedMs;
}
