import { setTimeout as delay } from 'node:timers/promises';
import { openAuditStore } from '../../audit/open-store.ts';
import type { AuditStore } from '../../audit/store.ts';
import type { RedisClient } from '../../redis/connect.ts';
import type { Keys } from '../../redis/keys.ts';

/** The records in the audit store after the demo. */
export interface AuditCounts {
  /** Records of how jobs ended, steps of rollouts included. */
  readonly ownRecords: number;
  /** Records read from the sandbox. */
  readonly syncedRecords: number;
  /** Whether the chain of every tenant is sound. */
  readonly verified: boolean;
}

const POLL_MS = 100;
/**
 * The relay stores records after the jobs end. 30 s after a worker died, another one takes over its
 * batch.
 */
const DEADLINE_MS = 45_000;

/** Counts and verifies the records, after the outbox is empty. */
export async function auditCounts(
  databaseUrl: string,
  { client, keys }: { readonly client: RedisClient; readonly keys: Keys },
): Promise<AuditCounts> {
  await untilStored(client, keys);
  const store = await openAuditStore(databaseUrl);
  try {
    return {
      ownRecords: await store.count({ source: 'own' }),
      syncedRecords: await store.count({ source: 'genesys' }),
      verified: await isVerified(store),
    };
  } finally {
    await store.close();
  }
}

async function untilStored(client: RedisClient, keys: Keys): Promise<void> {
  const streams = keys.partitions().map((partition) => keys.auditStream(partition));
  const deadlineMs = performance.now() + DEADLINE_MS;
  while (performance.now() < deadlineMs) {
    const lengths = await Promise.all(streams.map((stream) => client.xlen(stream)));
    if (lengths.every((length) => length === 0)) return;
    await delay(POLL_MS);
  }
}

async function isVerified(store: AuditStore): Promise<boolean> {
  for (const tenantId of await store.tenants()) {
    if (!(await store.verify(tenantId)).ok) return false;
  }
  return true;
}
