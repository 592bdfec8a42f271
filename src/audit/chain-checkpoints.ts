import { z } from 'zod';
import { TENANT_ID } from '../jobs/fields.ts';
import { INSTALLATION } from './record.ts';
import type { AuditStore } from './store.ts';

/**
 * The end of a tenant's chain at some moment. Kept outside the database, it shows later that the chain
 * up to it is the same: neither rewritten, nor cut off, nor replaced by an older copy.
 */
export interface ChainCheckpoint {
  readonly tenantId: string;
  readonly sequence: number;
  readonly hash: string;
  /** When the record with this sequence was stored, ISO 8601. */
  readonly recordedAt: string;
}

/**
 * `same`: the chain has the record of the checkpoint. `changed`: it has another one there. `missing`: it
 * ends before. `pruned`: retention has removed the record, and the chain begins behind it.
 */
export type Comparison = 'same' | 'changed' | 'missing' | 'pruned';

/** The checkpoint of a chain now; undefined for a chain without records. */
export async function checkpointOf(
  store: Pick<AuditStore, 'placeOf'>,
  tenantId: string,
): Promise<ChainCheckpoint | undefined> {
  const place = await store.placeOf(tenantId);
  if (!place || place.head.sequence === 0) return undefined;
  const { sequence, hash, recordedAt } = place.head;
  return { tenantId, sequence, hash, recordedAt };
}

/** Compares a checkpoint with the chain as it is now. `verify` checks the records before it. */
export async function compareCheckpoint(
  store: Pick<AuditStore, 'placeOf'>,
  { tenantId, sequence, hash }: ChainCheckpoint,
): Promise<Comparison> {
  const place = await store.placeOf(tenantId, sequence);
  if (!place || place.head.sequence < sequence) return 'missing';
  const { head } = place;
  if (place.hash !== undefined) return place.hash === hash ? 'same' : 'changed';
  if (head.sequence === sequence) return head.hash === hash ? 'same' : 'changed';
  if (head.anchor.sequence === sequence) return head.anchor.hash === hash ? 'same' : 'changed';
  return head.anchor.sequence > sequence ? 'pruned' : 'missing';
}

/** A line of an export. */
export const checkpointShape = z.strictObject({
  tenantId: z.string().regex(new RegExp(`^${INSTALLATION}$|${TENANT_ID.source}`)),
  sequence: z.int().min(1),
  hash: z.string().regex(/^(?:[\w-]{1,40}(?:\.2)?:)?[0-9a-f]{64}$/),
  recordedAt: z.iso.datetime(),
});
