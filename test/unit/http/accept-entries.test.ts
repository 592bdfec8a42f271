import { expect, test } from 'vitest';
import { acceptItems, type BatchItem } from '../../../src/http/batch/accept-entries.ts';
import { createSlices } from '../../../src/http/batch/breaths.ts';

/** Longer than half of a piece of work: two of them are more than a piece. */
const WORK_MS = 6;

test('a long check of many items lets other work go on in between', async () => {
  let turns = 0;
  let next: NodeJS.Immediate;
  const count = () => {
    turns++;
    next = setImmediate(count);
  };
  next = setImmediate(count);
  const checkedIn: number[] = [];
  const items = Array.from({ length: 20 }, (): BatchItem => {
    // The first field that a check reads. The job is not valid, so that it needs no Redis.
    const input = {
      get tenantId() {
        checkedIn.push(turns);
        for (const startedMs = performance.now(); performance.now() - startedMs < WORK_MS; );
        return 5;
      },
    };
    return { kind: 'message-transmission', input };
  });

  const results = await acceptItems(items, { breaths: createSlices(2 * WORK_MS - 2).open() } as never);
  clearImmediate(next);

  expect(results.map(({ status }) => status)).toEqual(items.map(() => 'rejected'));
  expect(new Set(checkedIn).size).toBeGreaterThanOrEqual(9);
});
