import { setTimeout as delay } from 'node:timers/promises';
import { openAuditStore } from '../../audit/open-store.ts';
import type { AuditStore } from '../../audit/store.ts';

/** What the audit store has after the demo. */
export interface AuditCounts {
  /** How each job ended, steps of rollouts included. */
  readonly ownRecords: number;
  /** Records of the sandbox. */
  readonly syncedRecords: number;
  /** Whether the chain of hashes of every tenant is whole. */
  readonly verified: boolean;
}

const POLL_MS = 100;
/** Records follow the jobs through a stream. */
const DEADLINE_MS = 15_000;

/** Counts and verifies the records. @param expected own records that there will be, at the least. */
export async function auditCounts(databaseUrl: string, expected: number): Promise<AuditCounts> {
  const store = await openAuditStore(databaseUrl);
  try {
    return {
      ownRecords: await ownRecords(store, expected),
      syncedRecords: await store.count({ source: 'genesys' }),
      verified: await isVerified(store),
    };
  } finally {
    await store.close();
  }
}

/** Waits until those that are expected are there, and no more come. */
async function ownRecords(store: AuditStore, expected: number): Promise<number> {
  const deadlineMs = performance.now() + DEADLINE_MS;
  let before = -1;
  for (;;) {
    const count = await store.count({ source: 'own' });
    const isSettled = count === before && count >= expected;
    if (isSettled || performance.now() > deadlineMs) return count;
    before = count;
    await delay(POLL_MS);
  }
}

async function isVerified(store: AuditStore): Promise<boolean> {
  for (const tenantId of await store.tenants()) {
    if (!(await store.verify(tenantId)).ok) return false;
  }
  return true;
}
