import { expect, test } from 'vitest';
import { awaitChildren, done } from '../../../src/core/outcome.ts';
import type { MessageTransmission } from '../../../src/jobs/message-transmission.ts';
import type { Handler, JobContext } from '../../../src/runtime/handler.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { openRefusingProxy } from '../../support/refusing-proxy.ts';
import { message, openSystem, text } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { KIND, open, run } from './in-process.ts';

// A job of several requests acquires a token for each further one. A Redis that fails at that
// moment costs no attempt. The first failed attempt would be the last.

/**
 * The arguments of `acquire.lua` for the second token: run, number, time until a request is over,
 * patience, life of the entry, nothing about the rate limit, and no time to be late.
 */
const SECOND_TOKEN = / \d+ 2 \d+ 10000 \d+ {2}0$/;

const LOADING = 'LOADING Redis is loading the dataset in memory';

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

test('a Redis that loads its data refuses to read the steps for a while, and the run goes on', async () => {
  const { system, app, proxy } = await openStage();
  const refusal = proxy.refuse(/^hgetall .*:message-transmission:j/i, 3, LOADING);
  await run(app, async ({ data, steps }: JobContext<MessageTransmission>) => {
    if (data.body.content !== 'parent') return done({ sent: 1 });
    if ((await steps.children()).size > 0) return done({ sent: 0 });
    await steps.begin([
      { name: 'first', payload: message({ conversationId: 'of-the-step', body: text('step') }) },
    ]);
    return awaitChildren();
  });

  const { jobIds } = await system.openProducer().enqueue(KIND, message({ body: text('parent') }));

  expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed', result: { sent: 0 } });
  expect(refusal.left()).toBe(0);
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
  return { system, app, proxy, refuse: (times: number) => proxy.refuse(SECOND_TOKEN, times) };
}
