import { expect, test } from 'vitest';
import { expectFewLines } from '../../support/few-lines.ts';
import { logOf, startWorker } from '../../support/gwm.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { openReceiver, type ReceiverAnswer } from '../../support/receiver.ts';
import { message, openSystem, PATIENT } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
/** The worker has retried its write after this number of refusals. */
const REFUSALS = 30;

test('a worker records the answer to a request once a full Redis has room, and logs few lines until then', async () => {
  const api = await openReceiver();
  const answer = Promise.withResolvers<ReceiverAnswer>();
  api.answerWith(answer.promise);
  const redis = await openOwnRedis();
  const system = await openSystem({
    redis,
    tenants: [{ id: 'acme', api: api.url }],
    environment: { ...PATIENT, JOB_RETRY_FOR: '0s' },
  });
  const worker = await startWorker(system);
  const { jobIds } = await system.openProducer().enqueue(KIND, message());
  await waitFor(() => api.received.length === 1, { what: 'the request' });

  const fullAtMs = performance.now();
  await system.client.config('SET', 'maxmemory', '1mb');
  answer.resolve({ status: 200, headers: { 'content-type': 'application/json' }, body: '{"id":"msg-1"}' });
  const refusals = async () => {
    const said = /errorstat_OOM:count=(\d+)/.exec(await system.client.info('errorstats'));
    return Number(said?.[1] ?? 0);
  };
  await waitFor(async () => (await refusals()) >= REFUSALS, { what: `${REFUSALS} refusals` });
  const fullForMs = performance.now() - fullAtMs;
  const lines = logOf(worker).filter(({ level, event }) => level >= 40 && event === undefined);
  await system.client.config('SET', 'maxmemory', '0');

  expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed', attemptsMade: 1 });
  expect(api.received).toHaveLength(1);
  expect(lines).not.toEqual([]);
  expectFewLines(
    lines.map(({ msg }) => ({ msg })),
    fullForMs,
  );
});
