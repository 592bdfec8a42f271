import { beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../support/gwm-command.ts';
import { message, openSystem, type System } from '../../support/system.ts';
import { type Caller, callerOf } from './calls.ts';
import { openServer } from './stage.ts';

const KIND = 'message-transmission';
const STATES = ['delayed', 'waiting', 'prioritized', 'completed', 'failed'] as const;
const DAMAGED = /^JOB_DAMAGED: Redis holds values that no job has: [a-zA-Z, ]+$/;

interface Shown {
  readonly jobId: string;
  readonly failedReason: string | null;
  readonly acceptedAt: string | null;
}

/** Values that overwrite a field of a job; the last one replaces the hash. */
const DAMAGES: readonly (Readonly<Record<string, string>> | string)[] = [
  { timestamp: 'yesterday' },
  { timestamp: '99999999999999999999' },
  { data: '{"tenantId":"acme",' },
  { opts: 'attempts=3' },
  { opts: '[]', data: '7', stacktrace: '[7,{}]', progress: 'half', parent: 'oops', id: 'another' },
  { ats: 'often', delay: 'soon', priority: 'x', finishedOn: 'never', returnvalue: '{', failedReason: 'x' },
  'a text',
];

/** For each damage, a damaged job in each state, beside a sound job. */
let system: System;
let url: string;
let call: Caller;
const damaged: { readonly state: string; readonly jobId: string }[] = [];
const sound: { readonly state: string; readonly jobId: string }[] = [];

beforeAll(async () => {
  system = await openSystem();
  for (const state of STATES) {
    for (const damage of DAMAGES) damaged.push({ state, jobId: await damagedJob(state, damage) });
    sound.push({ state, jobId: await jobIn(state) });
  }
  const server = await openServer(system);
  url = server.url;
  call = callerOf(url, await server.keys.make());
});

describe('a job that is damaged in Redis before its turn', () => {
  test('is listed as damaged by gwm, beside the sound jobs', async () => {
    for (const state of STATES.filter((each) => each !== 'prioritized')) {
      const { code, stdout, stderr } = await runCommand(['jobs', 'list', KIND, state], {
        env: system.environment,
      });

      expect([code, stderr]).toEqual([0, '']);
      expectAll(
        state,
        stdout
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Shown),
      );
    }
  });

  test('is shown as damaged by gwm jobs get', async () => {
    const [first] = damaged;
    const { code, stdout } = await runCommand(['jobs', 'get', KIND, first?.jobId ?? ''], {
      env: system.environment,
    });

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      state: 'delayed',
      acceptedAt: null,
      failedReason: expect.stringMatching(DAMAGED),
    });
  });

  test('is shown as damaged by HTTP', async () => {
    for (const { jobId, state } of damaged) {
      const { status, body } = await call(`/v1/jobs/${jobId}`);

      expect(status).toBe(200);
      expect(body).toMatchObject({
        id: jobId,
        state,
        failedReason: expect.stringMatching(DAMAGED),
      });
    }
  });

  test.for([...STATES, 'latest'])(
    'is shown as damaged on the page "%s" of the board, beside the sound jobs',
    async (status) => {
      const path = `/board/api/queues?activeQueue=${KIND}&status=${status}&page=1&jobsPerPage=100`;
      const response = await fetch(url + path);
      const { queues } = (await response.json()) as {
        queues: { name: string; jobs: { id: string; failedReason?: string }[] }[];
      };
      const jobs = queues.find(({ name }) => name === KIND)?.jobs ?? [];

      const views = jobs.map(({ id, failedReason }) => ({ jobId: id, failedReason: failedReason ?? null }));
      expectAll(status, views);
    },
  );

  test('has a page on the board', async () => {
    for (const { jobId, state } of damaged) {
      const response = await fetch(`${url}/board/api/queues/${KIND}/${jobId}`);
      expect(await response.json()).toMatchObject({
        status: state,
        job: { id: jobId, failedReason: expect.stringMatching(DAMAGED) },
      });
    }
  });

  test('stays unchanged in Redis when it is shown', async () => {
    const [first] = damaged;
    expect(await system.client.hget(keyOf(first?.jobId ?? ''), 'timestamp')).toBe('yesterday');
  });
});

/** The state has all its jobs: the damaged ones as damaged, the sound one without a reason. */
function expectAll(state: string, jobs: readonly Pick<Shown, 'jobId' | 'failedReason'>[]): void {
  const isThere = (job: { readonly state: string }) => state === 'latest' || job.state === state;
  const wanted = [
    ...damaged.filter(isThere).map(({ jobId }) => [jobId, true] as const),
    ...sound.filter(isThere).map(({ jobId }) => [jobId, false] as const),
  ];
  const found = jobs.map(({ jobId, failedReason }) => [jobId, DAMAGED.test(failedReason ?? '')] as const);
  expect(new Map(found)).toEqual(new Map(wanted));
}

async function damagedJob(state: string, damage: Readonly<Record<string, string>> | string): Promise<string> {
  const jobId = await jobIn(state);
  if (typeof damage === 'string') await system.client.set(keyOf(jobId), damage);
  else await system.client.hset(keyOf(jobId), damage);
  return jobId;
}

async function jobIn(state: string): Promise<string> {
  const { jobIds } = await system.openProducer().enqueue(KIND, message());
  const [jobId = ''] = jobIds;
  const queue = system.queues.of(KIND, 'acme');
  await system.client.zrem(queue.toKey('delayed'), jobId);
  await system.client.lrem(queue.toKey('wait'), 1, jobId);
  if (state === 'waiting') await system.client.lpush(queue.toKey('wait'), jobId);
  else await system.client.zadd(queue.toKey(state), 1, jobId);
  return jobId;
}

function keyOf(jobId: string): string {
  return system.queues.of(KIND, 'acme').toKey(jobId);
}
