import fc from 'fast-check';
import { test } from 'vitest';
import { openEndpointGame, type TurnAct } from '../../support/webhooks/endpoint-game.ts';

const turnAct = fc.record({
  act: fc.oneof(...(['arrive', 'come', 'succeed', 'fail'] as const).map((act: TurnAct) => fc.constant(act))),
  who: fc.nat(20),
});

/** One random step. The numbers choose among the callbacks or calls that the step can apply to. */
const step = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      act: fc.constant('turn' as const),
      what: fc.record({
        acts: fc.array(turnAct, { minLength: 1, maxLength: 6 }),
        isRepeated: fc.boolean(),
      }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('appear' as const), what: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('die' as const), what: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('lose' as const), what: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('forget' as const), what: fc.nat(0) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('wait' as const), what: fc.nat(20_000) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('reconcile' as const), what: fc.nat(0) }) },
);

test('random steps never exceed a concurrency limit or send a callback twice, and every callback is delivered', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 150, size: 'max' }), async (steps) => {
      const game = openEndpointGame();
      for (const { act, what } of steps) await game[act](what as never);
      await game.finish();
    }),
    // After a failure, the search for a shorter example ends in time for a report.
    { numRuns: 120, interruptAfterTimeLimit: 60_000 },
  );
});
