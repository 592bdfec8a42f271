import { describe, expect, test } from 'vitest';
import { pace } from '../../../src/flow/pace.ts';
import { allEnded, work } from '../../support/flow/crew.ts';
import { explain } from '../../support/flow/explain.ts';
import { excess } from '../../support/flow/rate.ts';
import { openWorld } from '../../support/flow/world.ts';
import type { World } from '../../support/flow/world-shapes.ts';

const LIMIT = { capacity: 20, ratePerSecond: 20 };
const BUCKET = { tenantId: 'acme', bucketClass: 'messages' } as const;
const HOUR_MS = 3_600_000;

/** A world whose tenant has quiet hours that begin and end so far from now. */
async function open(fromMs: number, toMs: number, urgentPass = false): Promise<World> {
  const world = openWorld();
  await world.configure('acme', LIMIT);
  await world.quieten('acme', { times: [[world.now() + fromMs, world.now() + toMs]], urgentPass });
  return world;
}

const idsOf = (count: number, letter = 'j') => Array.from({ length: count }, (_, n) => `${letter}${n}`);

test('in quiet hours nothing goes, and no job starts; then the backlog goes at the rate, oldest first', async () => {
  const world = await open(0, HOUR_MS);
  const endMs = world.now() + HOUR_MS;
  for (const id of idsOf(60)) {
    await world.accept([{ id }]);
    world.pass(10);
  }
  await work(world, 1000);
  expect(world.grants).toEqual([]);
  expect([...world.jobs.values()].map(({ starts }) => starts)).toEqual(idsOf(60).map(() => 0));

  await work(world, 2 * HOUR_MS, { reconcileEveryMs: 60_000, until: allEnded(world) });

  const moments = world.grants.map(({ atMs }) => atMs);
  expect(Math.min(...moments)).toBe(endMs);
  expect(world.grants.map(({ id }) => id)).toEqual(idsOf(60));
  expect(excess(moments, [{ ...pace(LIMIT), ratePerSecond: 20, fromMs: 0 }])).toBeLessThanOrEqual(0);
  expect([...world.jobs.values()].map(({ starts }) => starts)).toEqual(idsOf(60).map(() => 1));
});

test('when quiet hours begin, the backlog goes aside without a start of each job', async () => {
  const world = await open(1000, HOUR_MS);
  const startMs = world.now() + 1000;
  await world.accept(idsOf(400).map((id) => ({ id })));

  await work(world, 20_000);

  expect(Math.max(...world.grants.map(({ atMs }) => atMs))).toBeLessThan(startMs);
  const starts = [...world.jobs.values()].reduce((sum, job) => sum + job.starts, 0);
  // The lanes that had a reservation when the quiet hours began.
  expect(starts - world.grants.length).toBeLessThanOrEqual(LIMIT.ratePerSecond + 1);
  expect(await world.flow.status(BUCKET)).toMatchObject({ lanesWaiting: 0, lanesReserved: 0, lanesBusy: 0 });
});

describe('urgent jobs', () => {
  test.each([
    { urgentPass: true, afterMs: 0 },
    { urgentPass: false, afterMs: 10_000 },
  ])('pass the quiet hours only if the tenant says so: $urgentPass', async ({ urgentPass, afterMs }) => {
    const world = await open(0, 10_000, urgentPass);
    const nowMs = world.now();
    await world.accept([{ id: 'urgent', urgent: true }, { id: 'normal' }]);

    await work(world, 20_000, { until: allEnded(world) });

    expect(world.grants.map(({ id, atMs }) => [id, atMs - nowMs])).toEqual([
      ['urgent', afterMs],
      ['normal', 10_000],
    ]);
  });

  test('go on when the tenant lets them pass now', async () => {
    const world = await open(0, HOUR_MS);
    const times = [[world.now(), world.now() + HOUR_MS]] as const;
    await world.accept([{ id: 'urgent', urgent: true }, { id: 'normal' }]);
    await world.quieten('acme', { times, urgentPass: true });

    await work(world, 5000);

    expect(world.grants.map(({ id }) => id)).toEqual(['urgent']);
  });
});

describe('a change of the tenants file takes effect', () => {
  test('when the quiet hours are gone', async () => {
    const world = await open(0, HOUR_MS);
    await world.accept([{ id: 'j1' }]);
    await world.quieten('acme');
    await work(world, 1000, { until: allEnded(world) });
    expect(world.grants).toHaveLength(1);
  });

  test('when they end later', async () => {
    const world = await open(0, 10_000);
    const nowMs = world.now();
    await world.accept([{ id: 'j1' }]);
    await world.quieten('acme', { times: [[nowMs, nowMs + 30_000]], urgentPass: false });
    await work(world, 60_000, { until: allEnded(world) });
    expect(world.grants.map(({ atMs }) => atMs - nowMs)).toEqual([30_000]);
  });

  test('and a worker with an older file does not undo it when it renews the days', async () => {
    const world = await open(0, HOUR_MS);
    const nowMs = world.now();
    await world.quieten('acme', { times: [[nowMs, nowMs + 10_000]], urgentPass: false });
    const older = { of: 'older', urgentPass: false, times: [[nowMs, nowMs + HOUR_MS]] as const };
    await world.flow.renewQuiet(BUCKET, older);
    await world.accept([{ id: 'j1' }]);
    await work(world, 60_000, { until: allEnded(world) });
    expect(world.grants.map(({ atMs }) => atMs - nowMs)).toEqual([10_000]);
  });
});

test('an operator who resumes the tenant ends no quiet hours', async () => {
  const world = await open(0, 10_000);
  await world.accept([{ id: 'j1' }]);
  await world.resume('acme');
  await work(world, 9000);
  expect(world.grants).toEqual([]);
});

test('jobs of other classes go on in a bucket that all classes share', async () => {
  const world = openWorld();
  const { flow } = world;
  const quiet = { of: 'night', urgentPass: false, times: [[world.now(), world.now() + HOUR_MS]] as const };
  for (const bucketClass of ['platform', 'messages', 'cards'] as const)
    await flow.configure({ tenantId: 'acme', bucketClass }, LIMIT, {
      countsTogether: true,
      quiet: bucketClass === 'platform' ? undefined : quiet,
    });
  await world.accept([{ id: 'm1', lane: 'c' }]);
  const rollout = {
    kind: 'config-rollout',
    tenantId: 'acme',
    jobId: 'r1',
    lane: 'web',
    urgent: false,
    isPart: false,
  } as const;
  await flow.accept({
    kind: 'config-rollout',
    jobs: [{ ref: rollout, name: 'rollout', data: '{}' }],
    options: '{}',
  });

  const run = { number: 1, onUnknownOutcome: 'resend' } as const;
  expect(await flow.admit(rollout, run)).toMatchObject({ verdict: 'go' });
  expect(await world.work('m1')).toMatchObject({ verdict: 'park' });
  expect(await flow.status({ tenantId: 'acme', bucketClass: 'platform' })).toMatchObject({
    reason: 'quiet-hours',
  });
});

test('quiet hours are the reason in explanations, in the state of the bucket and in the survey', async () => {
  const world = await open(0, HOUR_MS);
  const end = new Date(world.now() + HOUR_MS).toISOString();
  await world.accept([{ id: 'j1' }, { id: 'j2', sendAtMs: world.now() + 1000 }]);

  expect(await explain(world, 'j1')).toEqual({
    reason: 'quiet-hours',
    until: end,
    sentence: `Its tenant has quiet hours until ${end}.`,
  });
  expect(await explain(world, 'j2')).toMatchObject({ reason: 'scheduled', until: end });
  expect(await world.flow.status(BUCKET)).toMatchObject({ reason: 'quiet-hours', pausedForMs: HOUR_MS });
  expect(await world.flow.survey(0, [BUCKET])).toMatchObject([
    { reason: 'quiet-hours', pausedForMs: HOUR_MS, oldestWaitingMs: 0 },
  ]);
});

test('while a worker has configured one of two classes only, lanes wait for the later end', async () => {
  const world = await open(0, HOUR_MS);
  const cards = { tenantId: 'acme', bucketClass: 'cards' } as const;
  const quiet = { of: 'night', urgentPass: false, times: [[world.now(), world.now() + HOUR_MS]] as const };
  await world.flow.configure(cards, LIMIT, { quiet });
  const ref = {
    kind: 'card-delivery',
    tenantId: 'acme',
    jobId: 'c1',
    lane: 'c',
    urgent: false,
    isPart: false,
  } as const;
  await world.flow.accept({
    kind: 'card-delivery',
    jobs: [{ ref, name: 'card', data: '{}' }],
    options: '{}',
  });
  await world.quieten('acme');

  expect(await world.flow.due(0, 500)).toMatchObject({ moved: 0, nextMs: HOUR_MS });

  await world.flow.configure(cards, LIMIT);
  expect(await world.flow.due(0, 500)).toMatchObject({ moved: 1, nextMs: null });
});
