import { expect, test } from 'vitest';
import { startWorker } from '../../support/gwm.ts';
import { message, openSystem, PATIENT, type System } from '../../support/system.ts';

const KIND = 'message-transmission';
const UNAVAILABLE = 'GENESYS_UNAVAILABLE';

async function failTimes(system: System, times: number, status: number): Promise<void> {
  await system.sandbox.inject({ operations: { 'message.send': { errors: [{ status, rate: 1, times }] } } });
}

async function attemptsOf(system: System, jobId: string | undefined) {
  return (await system.jobs.find(jobId ?? ''))?.attempts ?? [];
}

test('all attempts of a message are listed, with the one that delivered it', async () => {
  const system = await openSystem({ environment: { ...PATIENT, JOB_RETRY_FOR: '1m' } });
  await failTimes(system, 4, 503);
  await startWorker(system);
  const startedAt = Date.now();

  const { jobIds } = await system.openProducer().enqueue(KIND, message());
  const { attemptsMade } = await system.ended(jobIds[0]);
  const attempts = await attemptsOf(system, jobIds[0]);

  expect(attemptsMade).toBe(5);
  expect(await system.jobs.get(KIND, jobIds[0] ?? '')).toMatchObject({ failedReason: null });
  expect(attempts.map(({ number, code, status }) => [number, code, status])).toEqual([
    [1, UNAVAILABLE, 503],
    [2, UNAVAILABLE, 503],
    [3, UNAVAILABLE, 503],
    [4, UNAVAILABLE, 503],
    [5, null, null],
  ]);
  const times = attempts.flatMap((attempt) => [attempt.startedAt, attempt.endedAt]).map((time) => time ?? '');
  expect(times).toEqual([...times].sort());
  expect(times.filter((time) => Date.parse(time) >= startedAt)).toHaveLength(10);
});

test('a message that succeeds at once has one attempt, for which its job keeps no trace', async () => {
  const system = await openSystem({ environment: PATIENT });
  await startWorker(system);

  const { jobIds } = await system.openProducer().enqueue(KIND, message());
  const { stacktrace } = await system.ended(jobIds[0]);

  const time = expect.stringMatching(/Z$/);
  expect(await attemptsOf(system, jobIds[0])).toEqual([
    { number: 1, startedAt: time, endedAt: time, code: null, status: null },
  ]);
  expect(stacktrace).toEqual([]);
});

test('the attempts of a dead letter stay as they are when an operator sends it again', async () => {
  const system = await openSystem({ environment: { ...PATIENT, JOB_RETRY_FOR: '0s' } });
  await failTimes(system, 2, 503);
  await startWorker(system);
  const { jobIds } = await system.openProducer().enqueue(KIND, message());
  const [jobId = ''] = jobIds;
  const seen = [];

  for (const state of ['failed', 'failed', 'completed']) {
    expect(await system.ended(jobId)).toMatchObject({ state });
    seen.push(await attemptsOf(system, jobId));
    if (state === 'failed') expect(await system.jobs.retry(KIND, jobId)).toBe('retried');
  }

  const [first = [], second = [], third = []] = seen;
  expect(third.map(({ number, code }) => [number, code])).toEqual([
    [1, UNAVAILABLE],
    [2, UNAVAILABLE],
    [3, null],
  ]);
  expect([first, second]).toEqual([third.slice(0, 1), third.slice(0, 2)]);
});
