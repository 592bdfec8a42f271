import type { RedisClient } from '../redis/connect.ts';
import { idOf, kindOf } from './notation.ts';

/** Orphans: entries of flow control whose job BullMQ may not have any more. */

/** A dead letter that halts a lane; job and lane as the scripts write them. */
export interface Halt {
  readonly job: string;
  readonly lane: string;
}

/** Halts whose dead letter is gone. No operator can retry it, or let its lane go on. */
export async function* orphanedHalts(client: RedisClient, prefix: string): AsyncGenerator<Halt> {
  for await (const page of client.hscanStream(`${prefix}halted`, { count: 100 })) {
    const fields = page as string[];
    const halts = fields.flatMap((job, at) => (at % 2 === 0 ? [{ job, lane: fields[at + 1] ?? '' }] : []));
    const found = await Promise.all(halts.map(({ job }) => client.exists(hashOf(prefix, job))));
    yield* halts.filter((_, index) => found[index] === 0);
  }
}

/**
 * Cancelled jobs that no worker has ended yet. The process that cancelled one may have died before
 * waking it.
 */
export async function* pendingCancellations(client: RedisClient, prefix: string): AsyncGenerator<string> {
  for await (const page of client.sscanStream(`${prefix}cancelled`, { count: 100 })) {
    for (const job of page as string[]) {
      if (await isLive(client, prefix, job)) yield job;
      else await client.srem(`${prefix}cancelled`, job);
    }
  }
}

/**
 * Whether BullMQ has the job and has not ended it: the same test as `arrival_in` in job-hash.lua.
 */
export async function isLive(client: RedisClient, prefix: string, job: string): Promise<boolean> {
  // HMGET would fail on a key of another type.
  if ((await client.type(hashOf(prefix, job))) !== 'hash') return false;
  const [timestamp, finishedOn] = await client.hmget(hashOf(prefix, job), 'timestamp', 'finishedOn');
  return /^\d+$/.test(timestamp ?? '') && finishedOn === null;
}

/** BullMQ's key of a job. */
function hashOf(prefix: string, job: string): string {
  return `${prefix}${kindOf(job)}:${idOf(job)}`;
}
