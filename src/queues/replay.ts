import type { Job } from 'bullmq';
import type { RedisClient } from '../redis/connect.ts';
import { withScripts } from '../redis/script.ts';
import type { WebhookRecords } from '../webhooks/records.ts';
import { type EndState, REPROCESSED, reprocess } from './reprocess.ts';

/** A callback that was found in the state of one that has ended. */
export interface EndedCallback {
  readonly job: Job;
  readonly state: EndState;
}

/**
 * Sends callbacks of a tenant again, with all their attempts, in one transaction.
 * @returns for each whether it goes again; not when another caller was first.
 */
export async function replay(
  { client, records }: { readonly client: RedisClient; readonly records: WebhookRecords },
  tenantId: string,
  callbacks: readonly EndedCallback[],
): Promise<boolean[]> {
  const jobIds = callbacks.map(({ job }) => job.id ?? '');
  const replies = await withScripts(client, async () => {
    const transaction = client.multi();
    records.queueReplay(transaction, tenantId, jobIds);
    await Promise.all(callbacks.map(({ job, state }) => reprocess(transaction, job, state)));
    const all = (await transaction.exec()) ?? [];
    for (const [error] of all) if (error) throw error;
    return all.map(([, reply]) => reply);
  });
  const [, ...reprocessed] = replies;
  return reprocessed.map((reply) => reply === REPROCESSED);
}
