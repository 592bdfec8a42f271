import type { Job } from 'bullmq';
import type { Flow } from '../flow/flow.ts';
import type { JobKind } from '../jobs/catalog.ts';
import type { RedisClient } from '../redis/connect.ts';
import { withScripts } from '../redis/script.ts';
import { placeIn } from './job-view.ts';
import { REPROCESSED, reprocess } from './reprocess.ts';

/** `not-failed`: another caller was first, and the job goes again already. */
export type Redriven = 'retried' | 'delivered' | 'not-failed';

/** What redrive.lua replies for a job. */
const OF_REPLY: Readonly<Record<number, Redriven>> = { 1: 'retried', 0: 'delivered', [-1]: 'not-failed' };

/**
 * Sends dead letters of a kind and a partition again, in one transaction: the jobs get their places in
 * their lanes, and enter the list of waiting jobs.
 * @param jobs with a place in flow control.
 */
export async function redrive(
  { client, flow }: { readonly client: RedisClient; readonly flow: Flow },
  kind: JobKind,
  jobs: readonly Job[],
): Promise<Redriven[]> {
  const refs = jobs.flatMap((job) => placeIn(kind, job) ?? []);
  const replies = await withScripts(client, async () => {
    const transaction = client.multi();
    flow.queueRedrive(transaction, refs);
    await Promise.all(jobs.map((job) => reprocess(transaction, job, 'failed')));
    const all = (await transaction.exec()) ?? [];
    for (const [error] of all) if (error) throw error;
    return all.map(([, reply]) => reply);
  });
  const [redriven, ...reprocessed] = replies as [number[], ...number[]];
  return reprocessed.map((reply, index) => {
    const outcome = OF_REPLY[redriven[index] ?? 0] ?? 'not-failed';
    return outcome === 'retried' && reply !== REPROCESSED ? 'not-failed' : outcome;
  });
}
