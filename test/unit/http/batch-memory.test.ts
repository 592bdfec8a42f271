import { expect, test } from 'vitest';
import { batchAnswer } from '../../../src/http/batch/batch-answer.ts';
import { createSlices } from '../../../src/http/batch/breaths.ts';

const MEBIBYTE = 1024 * 1024;

test('a batch of the longest lines is not read far ahead of its answer', async () => {
  let read = 0;
  const line = Buffer.from(`${JSON.stringify({ kind: 'none', text: 'x'.repeat(MEBIBYTE - 100) })}\n`);
  async function* body() {
    for (let number = 0; number < 200; number++) {
      read += line.length;
      yield line;
    }
  }

  const answer = batchAnswer({
    body: body(),
    contentEncoding: undefined,
    checkKey: async () => {},
    withDefaults: (input) => input,
    problemOf: async (error) => {
      throw error;
    },
    breaths: createSlices().open(),
    // Every line is rejected, so the batch asks no queue and no tenant.
    ...({} as { destination: never; tenants: never; bounds: never }),
  });
  const first = await answer.next();
  const readBefore = read;
  const others: string[] = [];
  for await (const lines of answer) others.push(lines);

  // One chunk is answered, one is complete, and one begins. Each is at most some lines beyond 4 MiB.
  expect(readBefore).toBeLessThan(20 * MEBIBYTE);
  expect(`${first.value}${others.join('')}`).toContain('"rejected":200');
});
