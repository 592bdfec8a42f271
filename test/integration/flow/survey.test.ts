import { describe, expect, test } from 'vitest';
import type { BucketSurvey } from '../../../src/flow/decisions.ts';
import { pace } from '../../../src/flow/pace.ts';
import { openWorld } from '../../support/flow/world.ts';
import type { World } from '../../support/flow/world-shapes.ts';

const SLOW = { capacity: 3, ratePerSecond: 1 };
const BURST = pace(SLOW).burst;
const BUCKET = { tenantId: 'acme', bucketClass: 'messages' } as const;

async function openSlow(): Promise<World> {
  const world = openWorld();
  await world.configure('acme', SLOW);
  return world;
}

async function surveyOf(world: World): Promise<BucketSurvey | undefined> {
  return (await world.flow.survey(0, [BUCKET]))[0];
}

describe('the survey of a bucket', () => {
  test('shows what it may send at once, what is under way, and what waits', async () => {
    const world = await openSlow();
    await world.accept(Array.from({ length: 8 }, (_, index) => ({ id: `j${index}` })));
    await world.start('j0');

    expect(await surveyOf(world)).toMatchObject({
      ...BUCKET,
      level: BURST - 1,
      burst: BURST,
      inFlight: 1,
      pausedForMs: 0,
      reason: '',
    });
    const { lanesRunnable = 0, lanesThrottled = 0 } = (await surveyOf(world)) ?? {};
    expect([lanesRunnable, lanesThrottled]).toEqual([BURST - 1, 8 - BURST]);
  });

  test('shows the age of the oldest job that waits, behind urgent ones too', async () => {
    const world = await openSlow();
    await world.pause('acme', 60_000);
    await world.accept([{ id: 'old' }]);
    world.pass(5000);
    await world.accept([{ id: 'urgent', urgent: true }]);
    world.pass(1000);

    expect(await surveyOf(world)).toMatchObject({ oldestWaitingMs: 6000, oldestReadyMs: 0 });
  });

  test('shows for how long no worker has taken a job that has its turn', async () => {
    const world = await openSlow();
    await world.accept([{ id: 'a' }, { id: 'b' }]);
    world.pass(4000);

    expect(await surveyOf(world)).toMatchObject({ oldestReadyMs: 4000, oldestWaitingMs: 4000 });
    await world.work('a');
    await world.work('b');
    expect(await surveyOf(world)).toMatchObject({ oldestReadyMs: 0, oldestWaitingMs: 0, inFlight: 0 });
  });

  test('shows a pause and its reason', async () => {
    const world = await openSlow();
    await world.accept([{ id: 'a' }]);
    const run = await world.start('a');
    await world.conclude(run, { kind: 'throttled', retryAfterMs: 30_000 });

    expect(await surveyOf(world)).toMatchObject({ level: 0, pausedForMs: 30_000, reason: 'rate-limited' });
  });
});
