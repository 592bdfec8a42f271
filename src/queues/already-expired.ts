import type { Issue } from '../core/issues.ts';
import type { Prepared } from './prepare.ts';
import type { Recall } from './recall.ts';

/**
 * Refuses entries whose time is over before they are accepted. By the clock of Redis, which decides about their expiry later:
 * so the clock of a producer may be wrong, and no tolerance is needed. One that was accepted before is a duplicate still.
 */
export async function refuseExpired(
  batch: readonly Prepared[],
  nowMs: number,
  recall: Pick<Recall, 'isKnown'>,
): Promise<readonly Prepared[]> {
  return await Promise.all(
    batch.map(async (entry) => {
      const [first] = entry.jobs ?? [];
      const expiresAtMs = first?.ref.expiresAtMs;
      if (!first || expiresAtMs === undefined || expiresAtMs > nowMs || (await recall.isKnown(first)))
        return entry;
      return { index: entry.index, issues: [issueOf(nowMs - expiresAtMs)] };
    }),
  );
}

function issueOf(overForMs: number): Issue {
  const seconds = (overForMs / 1000).toFixed(1);
  return { path: 'expiresAt', message: `expected a time to come, got one that is over for ${seconds} s` };
}
