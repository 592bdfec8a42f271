import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openClient, openWorld } from '../../support/flow/world.ts';
import { testRedis } from '../../support/redis.ts';
import { startPlay } from './model/play.ts';
import { steps } from './model/steps.ts';

const RUNS = Number(process.env['MODEL_RUNS'] ?? 60);

/** Random steps in random order keep the laws of flow control. MODEL_SEED repeats a failure. */
test('random steps keep order, rate and one delivery per job, and every job ends', {
  timeout: 600_000,
}, async () => {
  const { prefix, url } = testRedis();
  const client = openClient(url);
  let run = 0;
  const latenessMs = ({ id }: { id: string }) => (Number(id.slice(1)) * 7) % 13;

  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const play = await startPlay(openWorld({ client, prefix: `${prefix}-${++run}`, latenessMs }));
      for (const step of script) await play.perform(step);
      await play.drain();
      expect(play.verdict()).toEqual([]);
    }),
    {
      numRuns: RUNS,
      endOnFailure: true,
      // A run that hangs is a failure with a seed.
      timeout: 60_000,
      ...(process.env['MODEL_SEED'] && { seed: Number(process.env['MODEL_SEED']) }),
    },
  );
});
