import type { Envelope } from '../../../src/jobs/envelope.ts';
import { readData } from '../../../src/jobs/stored-data.ts';
import type { System } from '../../support/system.ts';

/** A job in its queue. */
export interface StoredJob {
  readonly id: string;
  readonly data: Envelope;
  /** Its sequence number; undefined when no lane has it. */
  readonly sequence: number;
  readonly opts: { readonly attempts?: number };
}

/** Every job of a queue that has not ended, by sequence number. */
export async function waitingJobs({ queues, client, keys }: System, tenantId = 'acme'): Promise<StoredJob[]> {
  const jobs = await queues.of('message-transmission', tenantId).getJobs(['waiting', 'delayed'], 0, -1, true);
  const stored = await Promise.all(
    jobs.map(async ({ id = '', data: stored, opts }) => {
      const data = readData('message-transmission', stored);
      if (!data) throw new TypeError(`job ${id} has data that cannot be read`);
      const lane = `${keys.own(tenantId)}lane:${data.tenantId}:${data.payload['conversationId']}`;
      return { id, data, opts, sequence: Number(await client.zscore(lane, `m-${id}`)) };
    }),
  );
  return stored.toSorted((a, b) => a.sequence - b.sequence);
}

/** The texts of jobs. */
export function textsOf(jobs: readonly StoredJob[]): string[] {
  return jobs.map(({ data }) => (data.payload['body'] as { content: string }).content);
}

/** The sequence numbers of jobs. */
export function sequencesOf(jobs: readonly StoredJob[]): number[] {
  return jobs.map(({ sequence }) => sequence);
}

/** `from`, `from + 1`, … `to`. */
export function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
