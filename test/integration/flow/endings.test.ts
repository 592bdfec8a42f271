import { describe, expect, test } from 'vitest';
import type { LedgerEntry } from '../../../src/flow/decisions.ts';
import { ATTEMPT_MS, openWorld } from '../../support/flow/world.ts';
import type { Run, World } from '../../support/flow/world-shapes.ts';

const SENT = 'sent {"messageId":"msg-1"}';
const SENT_TWICE = 'sent unknown {"messageId":"msg-1"}';
const FAILED = 'failed {"code":"CONTENT_REFUSED"}';
const CRASHED = 'failed {"code":"JOB_CRASHED_WORKERS"}';

/**
 * The first worker is silent for too long, flow control admits a second run, and the first worker
 * is alive.
 */
async function twoRuns(): Promise<{ world: World; first: Run; second: Run }> {
  const world = openWorld();
  await world.configure('acme', { capacity: 100, ratePerSecond: 100 });
  await world.accept([{ id: 'a', lane: 'c' }]);
  const first = await world.start('a');
  await world.pass(ATTEMPT_MS + 1);
  return { world, first, second: await world.start('a') };
}

async function concludeAs({ flow }: World, { job, number }: Run, entry: LedgerEntry) {
  return (await flow.conclude(job.ref, number, { entry, onFailure: 'skip' })).existing;
}

describe('a job that two workers run ends once', () => {
  test('with the outcome of the later run', async () => {
    const { world, first, second } = await twoRuns();

    expect(await concludeAs(world, first, FAILED)).toBe('running');
    expect(await concludeAs(world, second, SENT)).toBeUndefined();
    expect(await world.ledger('a')).toBe(SENT);
  });

  test('as delivered if the first run delivered it, and the second run reports nothing', async () => {
    const { world, first, second } = await twoRuns();

    expect(await concludeAs(world, first, SENT)).toBe(SENT_TWICE);
    expect(await concludeAs(world, second, FAILED)).toBe(SENT_TWICE);
    expect(await world.ledger('a')).toBe(SENT_TWICE);
  });

  test('as delivered, with a mark, also after a lost reply: the second run may have delivered it too', async () => {
    const { world, first } = await twoRuns();

    const marked = 'sent unknown {}';

    expect(await concludeAs(world, first, 'sent {}')).toBe(marked);
    expect(await concludeAs(world, first, 'sent {}')).toBe(marked);
    expect(await world.ledger('a')).toBe(marked);
  });

  test('as failed if that came first, and the ledger remembers the delivery, so the job is not sent again', async () => {
    const { world, first, second } = await twoRuns();

    expect(await concludeAs(world, second, FAILED)).toBeUndefined();
    expect(await concludeAs(world, first, SENT)).toBe(FAILED);
    expect(await world.ledger('a')).toBe(SENT);
    expect(await world.retry('a')).toBe(false);
  });

  test('with the first of two failures', async () => {
    const { world, first, second } = await twoRuns();

    expect(await concludeAs(world, second, FAILED)).toBeUndefined();
    expect(await concludeAs(world, first, CRASHED)).toBe(FAILED);
    expect(await world.ledger('a')).toBe(FAILED);
  });
});

test('an outcome that is written twice after a lost reply is the same outcome', async () => {
  const { world, second } = await twoRuns();

  expect(await concludeAs(world, second, FAILED)).toBeUndefined();
  expect(await concludeAs(world, second, FAILED)).toBeUndefined();
});
