import type { Issue } from '../core/issues.ts';
import type { Prepared } from './prepare.ts';
import type { Recall } from './recall.ts';

/**
 * Refuses entries whose time is over before they are accepted. It uses the clock of Redis, as the
 * later expiry does, so the clock of a producer may be wrong. A job that was accepted before stays
 * a duplicate.
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
  return {
    path: 'expiresAt',
    message: `expected a time in the future, got one that passed ${seconds} s ago`,
  };
}
