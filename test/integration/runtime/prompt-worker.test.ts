import { setImmediate as nextTurn } from 'node:timers/promises';
import { type BackendFactory, createRedisBackend, Queue, type RedisQueueBackend } from 'bullmq';
import { expect, test } from 'vitest';
import { createRedis } from '../../../src/redis/connect.ts';
import { PromptWorker } from '../../../src/runtime/prompt-worker.ts';
import { onEnd } from '../../support/lifetime.ts';
import { testRedis } from '../../support/redis.ts';
import { waitFor } from '../../support/wait-for.ts';

const RETRIES = 20;
const DELAY_MS = 30;
/** The longest wait for a job without a marker. */
const FULL_WAIT_MS = 30_000;

test('a worker takes a delayed job when it is due, also if it reads the marker too early', async () => {
  const { url, prefix } = testRedis();
  const connection = createRedis({ url, role: 'worker' });
  const queue = new Queue('markers', { connection, prefix });
  const startedAtMs: number[] = [];
  const process = async () => {
    // A worker on a busy machine takes a due job before it reads the marker.
    markerRead();
    startedAtMs.push(performance.now());
    if (startedAtMs.length <= RETRIES) throw new Error('once more');
  };
  const options = { connection, prefix, concurrency: 10, drainDelay: FULL_WAIT_MS / 1000 };
  const worker = new PromptWorker('markers', process, options, markerFirst);
  const running = worker.run();
  onEnd(async () => {
    await worker.close();
    await running;
    await queue.close();
    connection.disconnect();
  });

  await queue.add('job', {}, { attempts: RETRIES + 1, backoff: { type: 'fixed', delay: DELAY_MS } });

  await waitFor(() => startedAtMs.length > RETRIES, { what: 'the last attempt' });
  const gapsMs = startedAtMs.slice(1).map((ms, index) => ms - (startedAtMs[index] ?? 0));
  expect(Math.max(...gapsMs)).toBeLessThan(FULL_WAIT_MS);
});

/** Lets the worker see the reply that the job is delayed. */
let markerRead = () => {};

/**
 * A backend on which the worker reads the marker of a delayed job first. Only then does Redis
 * answer that the job is delayed.
 */
const markerFirst: BackendFactory<RedisQueueBackend> = (name, options, more) => {
  const backend = createRedisBackend(name, options, more);
  const wait = backend.waitForJob.bind(backend);
  const execute = backend.execCommand.bind(backend);
  backend.waitForJob = async (timeout) => {
    const marker = await wait(timeout);
    if (marker && marker.score > 0) markerRead();
    return marker;
  };
  backend.execCommand = async (client, command, args) => {
    if (command !== 'moveToDelayed') return await execute(client, command, args);
    const isRead = new Promise<void>((resolve) => {
      markerRead = resolve;
    });
    const reply = await execute(client, command, args);
    await isRead;
    await nextTurn();
    return reply;
  };
  return backend;
};
