import { expect, test } from 'vitest';
import { done } from '../../../src/core/outcome.ts';
import { startMs } from '../../../src/flow/flow.ts';
import type { Handler } from '../../../src/runtime/handler.ts';
import { message, openSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { KIND, open, run } from './in-process.ts';

/** An attempt of this length lets a loaded machine begin it in time. */
const ATTEMPT_MS = 20_000;

test.for([
  { what: 'soon after', isLate: false },
  { what: 'too long after', isLate: true },
])('a request that begins $what its admission has a token of that time: $isLate', async ({ isLate }) => {
  const system = await openSystem({ hasOwnHandlers: true });
  const entries: (string | null)[] = [];
  const handler: Handler<never> = async ({ jobId, requests: { token } }) => {
    const begunMs = performance.now();
    const ledger = async () => await system.client.get(system.keys.ledger('acme', `m-${jobId}`));
    entries.push(await ledger());
    if (isLate) {
      await waitFor(() => performance.now() - begunMs > startMs(ATTEMPT_MS), {
        what: 'the age of the token',
      });
    }
    await token();
    entries.push(await ledger());
    return done({ messageId: 'msg-1' });
  };
  await run(await open(system), handler, [], ATTEMPT_MS);

  const { jobIds } = await system.openProducer().enqueue(KIND, message());

  expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed', attemptsMade: 1 });
  const [admitted, begun] = entries.map(momentIn);
  if (isLate) expect(begun).toBeGreaterThanOrEqual((admitted ?? 0) + startMs(ATTEMPT_MS));
  else expect(begun).toBe(admitted);
});

/** The moment from which the time of a request counts, ms. */
function momentIn(entry: string | null): number {
  return Number(/^running \d+ ([\d.]+)/.exec(entry ?? '')?.[1]);
}
