import type { JobKind } from '../jobs/catalog.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { kindOf } from './notation.ts';

/** The kinds of the jobs of a tenant that have not ended. */
export interface WaitingKinds {
  readonly jobs: ReadonlyMap<JobKind, number>;
  /** False when the tenant has more jobs than are looked at: these are the oldest. */
  readonly isWhole: boolean;
}

/** Entries of the index that are looked at, in each partition. */
export const MOST_LOOKED_AT = 10_000;
/** Entries of one command. */
const PAGE = 1000;

/** Counts the waiting jobs of a tenant by kind. The index knows no kinds, so it is read, up to a bound. */
export async function countWaitingKinds(
  client: RedisClient,
  keys: Keys,
  tenantId: string,
): Promise<WaitingKinds> {
  const jobs = new Map<JobKind, number>();
  let isWhole = true;
  for (const place of keys.layout.placesOf(tenantId)) {
    const names = await oldestOf(client, `${keys.ownOf(place)}jobs:${tenantId}`);
    for (const name of names) jobs.set(kindOf(name), (jobs.get(kindOf(name)) ?? 0) + 1);
    isWhole &&= names.length < MOST_LOOKED_AT;
  }
  return { jobs, isWhole };
}

async function oldestOf(client: RedisClient, index: string): Promise<string[]> {
  const names: string[] = [];
  while (names.length < MOST_LOOKED_AT) {
    const page = await client.zrangebyscore(index, 0, '+inf', 'LIMIT', names.length, PAGE);
    names.push(...page);
    if (page.length < PAGE) break;
  }
  return names;
}
