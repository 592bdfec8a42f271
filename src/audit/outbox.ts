import { CodedError } from '../core/errors.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import type { Seal } from '../seal/seal.ts';
import { type AuditRecord, writeRecord } from './record.ts';

/**
 * Takes audit records. It writes them to a stream of Redis, beside the jobs that they describe, and
 * the relay of some replica moves them to the store. So a slow database holds up no message.
 */
export interface AuditOutbox {
  /**
   * Adds one record. The store keeps records with the same id once. Rejects when Redis does not
   * take it.
   * @throws {TypeError} when the record is not sound, which is an error of this program.
   */
  note(record: AuditRecord): Promise<void>;
}

export interface AuditOutboxOptions {
  readonly client: RedisClient;
  readonly keys: Keys;
}

/** The field of an entry that holds the record, as JSON. conclude.lua writes it too. */
export const RECORD_FIELD = 'record';

/**
 * An audit record as the stream holds it, sealed with PAYLOAD_KEYS.
 * @throws {TypeError} when the record is not sound.
 */
export function entryOf(record: AuditRecord, seal: Seal): string {
  return seal.close(writeRecord(record), { what: 'audit', tenantId: record.tenantId, id: '' });
}

/**
 * The record in an entry of the stream, as JSON. A text that was changed is no record: it is empty.
 * @throws {CodedError} PAYLOAD_KEY_MISSING: the entry must wait.
 */
export function recordOf(entry: string, seal: Seal): string {
  try {
    return seal.open(entry, { what: 'audit', id: '' });
  } catch (error) {
    if (error instanceof CodedError && error.code === 'PAYLOAD_UNREADABLE') return '';
    throw error;
  }
}

export function createAuditOutbox({ client, keys }: AuditOutboxOptions): AuditOutbox {
  return {
    async note(record) {
      const stream = keys.auditStream(keys.partitionOf(record.tenantId));
      await client.xadd(stream, '*', RECORD_FIELD, entryOf(record, keys.seal));
    },
  };
}
