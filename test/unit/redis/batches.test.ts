import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBatches } from '../../../src/redis/batches.ts';

/** Performs acts of these owners in one turn. @returns the acts of each script, and the reply to each act */
async function perform(owners: readonly string[]) {
  const scripts: number[][] = [];
  const batches = createBatches(async (_partition, acts) => {
    scripts.push(acts.map(Number));
    return acts.map((act) => `reply to ${act}`);
  });
  const replies = await Promise.all(owners.map((owner, index) => batches.perform(0, owner, [index])));
  return { scripts, replies };
}

const ofOne = (count: number) => Array.from({ length: count }, () => 'acme');
const ofMany = (count: number) => Array.from({ length: count }, (_, n) => `tenant-${n}`);

test.for([
  ['64 acts of one tenant are one script', ofOne(64), [64]],
  ['65 are two', ofOne(65), [64, 1]],
  [
    'acts of many tenants are few in each script, because the script reads the state of each',
    ofMany(64),
    [26, 26, 12],
  ],
  ['a few acts of few tenants are one script', [...ofMany(10), ...ofMany(10)], [20]],
] as const)('%s', async ([, owners, sizes]) => {
  expect((await perform(owners)).scripts.map((acts) => acts.length)).toEqual(sizes);
});

test('each act is in one script, in the order of the calls, and gets its own reply', async () => {
  const owner = fc.integer({ min: 0, max: 40 }).map((n) => `tenant-${n}`);
  await fc.assert(
    fc.asyncProperty(fc.array(owner, { minLength: 1, maxLength: 300 }), async (owners) => {
      const { scripts, replies } = await perform(owners);

      expect(scripts.flat()).toEqual(owners.map((_, index) => index));
      expect(replies).toEqual(owners.map((_, index) => `reply to ${index}`));
      for (const acts of scripts) {
        const tenants = new Set(acts.map((act) => owners[act]));
        expect(2 * acts.length + 3 * tenants.size).toBeLessThanOrEqual(131);
      }
    }),
    { numRuns: 50 },
  );
});
