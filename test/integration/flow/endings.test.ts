import { describe, expect, test } from 'vitest';
import type { LedgerEntry } from '../../../src/flow/decisions.ts';
import { ATTEMPT_MS, openWorld, type Run, type World } from '../../support/flow/world.ts';

const SENT = 'sent {"messageId":"msg-1"}';
const FAILED = 'failed {"code":"CONTENT_REFUSED"}';
const CRASHED = 'failed {"code":"JOB_CRASHED_WORKERS"}';

/** A worker that nothing was heard of for too long has a second thought: its attempt is not over after all. */
async function twoRuns(): Promise<{ world: World; first: Run; second: Run }> {
  const world = openWorld();
  await world.configure('acme', { capacity: 100, ratePerSecond: 100 });
  await world.accept([{ id: 'a', lane: 'c' }]);
  const first = await world.start('a');
  await world.pass(ATTEMPT_MS + 1);
  return { world, first, second: await world.start('a') };
}

async function finish({ flow }: World, { job, number }: Run, entry: LedgerEntry) {
  return (await flow.conclude(job.ref, number, { entry, onFailure: 'skip' })).existing;
}

describe('a job that two workers have in their hands ends once', () => {
  test('as the one who is admitted last says', async () => {
    const { world, first, second } = await twoRuns();

    expect(await finish(world, first, FAILED)).toBe('running');
    expect(await finish(world, second, SENT)).toBeUndefined();
    expect(await world.ledger('a')).toBe(SENT);
  });

  test('delivered, when the first one hears of it meanwhile: what the second finds is not told', async () => {
    const { world, first, second } = await twoRuns();

    expect(await finish(world, first, SENT)).toBeUndefined();
    expect(await finish(world, second, FAILED)).toBe(SENT);
    expect(await world.ledger('a')).toBe(SENT);
  });

  test('failed, when that was told first; that it was delivered is known, so that it is never sent again', async () => {
    const { world, first, second } = await twoRuns();

    expect(await finish(world, second, FAILED)).toBeUndefined();
    expect(await finish(world, first, SENT)).toBe(FAILED);
    expect(await world.ledger('a')).toBe(SENT);
    expect(await world.retry('a')).toBe(false);
  });

  test('for the first reason there was', async () => {
    const { world, first, second } = await twoRuns();

    expect(await finish(world, second, FAILED)).toBeUndefined();
    expect(await finish(world, first, CRASHED)).toBe(FAILED);
    expect(await world.ledger('a')).toBe(FAILED);
  });
});

test('an ending that is written twice, because the reply was lost, is the same ending', async () => {
  const { world, second } = await twoRuns();

  expect(await finish(world, second, FAILED)).toBeUndefined();
  expect(await finish(world, second, FAILED)).toBeUndefined();
});
