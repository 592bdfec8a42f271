import { expect, test } from 'vitest';
import { done } from '../../../src/core/outcome.ts';
import type { Handler } from '../../../src/runtime/handler.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { openRefusingProxy } from '../../support/refusing-proxy.ts';
import { message, openSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { KIND, open, run } from './in-process.ts';

// A job of several requests acquires a token for each further one. A Redis that fails at that
// moment costs no attempt. The first failed attempt would be the last.

/**
 * The arguments of `acquire.lua` for the second token: run, number, time until a request is over,
 * patience, life of the entry, requests left.
 */
const SECOND_TOKEN = / \d+ 2 \d+ 10000 \d+ -1$/;

/** A worker gives up the wait for a token after half of this time. */
const SHORT_ATTEMPT_MS = 2000;

test('a full Redis refuses further tokens for a while, and the run goes on', async () => {
  const { system, app, refuse } = await openStage();
  const refusal = refuse(3);
  let runs = 0;
  await run(
    app,
    twoRequests(() => runs++),
  );

  const { jobIds } = await system.openProducer().enqueue(KIND, message());

  expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed', attemptsMade: 1 });
  expect(refusal.left()).toBe(0);
  expect(runs).toBe(1);
});

test('a Redis that refuses further tokens until the attempt is over costs no attempt', async () => {
  const { system, app, refuse } = await openStage();
  const refusal = refuse(Number.POSITIVE_INFINITY);
  const signals: AbortSignal[] = [];
  await run(
    app,
    twoRequests((signal) => signals.push(signal)),
    [],
    SHORT_ATTEMPT_MS,
  );

  const { jobIds } = await system.openProducer().enqueue(KIND, message());
  await waitFor(() => signals[0]?.aborted === true, { what: 'the end of the attempt' });
  refusal.end();

  expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed', attemptsMade: 1 });
});

test('a failed wake does not fail the run that acquired a token', async () => {
  const { system, app } = await openStage();
  const queues = { ...app.queues, wake: () => Promise.reject(new Error('Connection is closed.')) };
  await run({ ...app, queues }, twoRequests());

  const { jobIds } = await system.openProducer().enqueue(KIND, message());

  expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed', attemptsMade: 1 });
});

/** A handler that acquires a second token. */
function twoRequests(onRun: (signal: AbortSignal) => void = () => {}): Handler<never> {
  return async ({ requests, signal }) => {
    onRun(signal);
    await requests.token();
    await requests.token();
    return done({ sent: 2 });
  };
}

async function openStage() {
  const redis = await openOwnRedis();
  const environment = { JOB_RETRY_FOR: '0s' };
  const system = await openSystem({ redis, hasOwnHandlers: true, environment });
  const proxy = await openRefusingProxy(redis.url);
  const app = await open({ environment: { ...system.environment, REDIS_URL: proxy.url } });
  return { system, app, refuse: (times: number) => proxy.refuse(SECOND_TOKEN, times) };
}
