import { appRoutes } from '@bull-board/api/dist/routes.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { startWorker } from '../../support/gwm.ts';
import { openReceiver } from '../../support/receiver.ts';
import { message, openSystem, type System, text } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { openServer } from './stage.ts';

const KIND = 'message-transmission';
const TEXT = 'canary: my card number is 1234';
const STATUSES = ['waiting', 'active', 'delayed', 'completed', 'failed', 'latest', ''];

/** A route of the board's API with its parameters filled in. */
interface Route {
  readonly method: string;
  readonly path: string;
}

let system: System;
let url: string;
let jobIds: Record<'completed' | 'failed' | 'delayed' | 'waiting', string>;

beforeAll(async () => {
  system = await openSystem();
  const receiver = await openReceiver();
  const worker = await startWorker(system);
  const body = text(TEXT);
  const callback = { url: receiver.url };
  const completed = await enqueue(system, { body, callback });
  await system.ended(completed);
  const quoting = { message: TEXT, details: [{ fieldName: 'body.content', message: TEXT }] };
  const errors = [
    { status: 400, rate: 1, times: 1, body: quoting },
    { status: 429, rate: 1, times: 1, retryAfterSeconds: 3_600 },
  ];
  await system.sandbox.inject({ operations: { 'message.send': { errors } } });
  const failed = await enqueue(system, { body, callback });
  await system.ended(failed);
  const delayed = await enqueue(system, { body });
  const stateOfDelayed = () => system.queues.of(KIND, 'acme').getJobState(delayed);
  await waitFor(async () => (await stateOfDelayed()) === 'delayed', { what: 'a delayed job' });
  worker.kill('SIGTERM');
  await worker.exit;
  const waiting = await enqueue(system, { body });
  jobIds = { completed, failed, delayed, waiting };
  ({ url } = await openServer(system));
});

describe('the board', () => {
  test('shows every job with its data, and a length in place of its text', async () => {
    for (const [status, jobId] of Object.entries(jobIds)) {
      const response = await fetch(`${url}/board/api/queues/${KIND}/${jobId}`);
      const answer = (await response.json()) as { job: { data: { payload: object } }; status: string };
      // A job that waits for its turn is in the delayed set until a script wakes it.
      expect(answer.status).toBe(status === 'waiting' ? 'delayed' : status);
      expect(answer.job.data.payload).toMatchObject({
        conversationId: 'conv-def-456',
        body: { content: `(${TEXT.length} characters)` },
      });
    }
  });

  test('has no text of a message in any answer of its API', async () => {
    const answers: string[] = [];
    for (const { path } of routes().filter(({ method }) => method === 'get')) {
      const response = await fetch(url + path);
      answers.push(`${response.status} ${path}\n${await response.text()}`);
    }

    expect(answers.filter((answer) => answer.startsWith('200')).length).toBeGreaterThan(20);
    expect(answers.some((answer) => answer.includes('CONTENT_REFUSED'))).toBe(true);
    expect(answers.filter((answer) => answer.includes('canary'))).toEqual([]);
  });

  test('is read only: no route of its API changes a job', async () => {
    const before = await stateOf(system);
    const accepted: string[] = [];

    for (const { method, path } of routes().filter((route) => route.method !== 'get')) {
      const response = await fetch(url + path, {
        method: method.toUpperCase(),
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          name: KIND,
          data: {},
          jobData: {},
          options: {},
          concurrency: 1,
          max: 1,
          duration: 1,
          delay: 0,
          priority: 1,
        }),
      });
      if (response.ok) accepted.push(path);
    }

    // These two leave out read-only queues.
    expect(accepted).toEqual(['/board/api/queues/pause', '/board/api/queues/resume']);
    expect(await stateOf(system)).toEqual(before);
  });

  test('shows the jobs of every partition', async () => {
    const partitioned = await openSystem({ environment: { PARTITIONS: '4' } });
    const tenants = ['acme', 'globex', 'initech', 'umbrella', 'hooli'];
    for (const tenantId of tenants) await enqueue(partitioned, { tenantId });
    const server = await openServer(partitioned);

    const response = await fetch(`${server.url}/board/api/queues`);

    const { queues } = (await response.json()) as {
      queues: { name: string; counts: { waiting: number; delayed: number } }[];
    };
    const waiting = queues
      .filter(({ name }) => name.includes(KIND))
      .map(({ counts }) => counts.waiting + counts.delayed);
    expect(waiting.reduce((sum, count) => sum + count, 0)).toBe(tenants.length);
  });
});

async function enqueue(to: System, fields: object): Promise<string> {
  const { jobIds: ids } = await to.openProducer().enqueue(KIND, message(fields));
  return ids[0] ?? '';
}

/** Every route of the board's API, for every queue, job and state. */
function routes(): Route[] {
  const found = new Map<string, Route>();
  for (const { method, route } of appRoutes.api) {
    for (const pattern of [route].flat()) {
      for (const path of filledIn(pattern)) found.set(`${method} ${path}`, { method: String(method), path });
    }
  }
  for (const status of STATUSES) {
    for (const queue of [KIND, 'webhook-delivery']) {
      const path = `/board/api/queues?activeQueue=${queue}&status=${status}&page=1&jobsPerPage=50`;
      found.set(path, { method: 'get', path });
    }
  }
  return [...found.values()];
}

function filledIn(pattern: string): string[] {
  const jobs = [
    ...Object.values(jobIds).map((jobId) => [KIND, jobId]),
    ['webhook-delivery', `wh-${jobIds.completed}-delivered`],
    ['webhook-delivery', `wh-${jobIds.failed}-failed`],
  ];
  return jobs.flatMap(([queue = '', jobId = '']) =>
    STATUSES.map((status) => {
      const path = pattern
        .replace(':queueName', queue)
        .replace(':jobId', jobId)
        .replace(':queueStatus', status || 'failed')
        .replace(':schedulerId', 'none');
      return `/board${path}`;
    }),
  );
}

async function stateOf({ queues, client, redis }: System): Promise<unknown> {
  const counts = await Promise.all(
    queues.all().map(async (queue) => [queue.name, await queue.getJobCounts(), await queue.isPaused()]),
  );
  const jobs = await Promise.all(
    Object.values(jobIds).map((jobId) => client.hgetall(`${redis.prefix}:{0}:${KIND}:${jobId}`)),
  );
  return { counts, jobs };
}
