import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { type AuditRecord, requireRecord } from './record.ts';

/**
 * Where records are noted. They lie in a stream of Redis, beside the jobs that they tell of, until the relay
 * of some replica has stored them: a database that is slow or away holds up no message.
 */
export interface AuditOutbox {
  /**
   * Notes one record. Noted twice it is stored once, by its id. Rejects when Redis does not take it.
   * @throws {TypeError} when it is not sound; that is an issue of ours.
   */
  note(record: AuditRecord): Promise<void>;
}

export interface AuditOutboxOptions {
  readonly client: RedisClient;
  readonly keys: Keys;
}

/** The field of a stream's entry that holds the record, as JSON. */
export const RECORD_FIELD = 'record';

export function createAuditOutbox({ client, keys }: AuditOutboxOptions): AuditOutbox {
  return {
    async note(record) {
      const sound = requireRecord(record);
      const stream = keys.auditStream(keys.partitionOf(sound.tenantId));
      await client.xadd(stream, '*', RECORD_FIELD, JSON.stringify(sound));
    },
  };
}
