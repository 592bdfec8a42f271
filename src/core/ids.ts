import { createHash, randomUUID } from 'node:crypto';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * The id of a job in its queue. An idempotency key gives an id that is derived from kind, tenant
 * and key: the same key is accepted once, and keys of two tenants never collide. Without a key the
 * id is random.
 *
 * The id begins with a letter and has no colon: BullMQ refuses ids of digits only and uses colons
 * itself.
 */
export function jobIdOf(kind: string, tenantId: string, idempotencyKey?: string): string {
  if (idempotencyKey === undefined) return `j${randomUUID().replaceAll('-', '')}`;
  const digest = createHash('sha256')
    .update(JSON.stringify([kind, tenantId, idempotencyKey]))
    .digest();
  return `k${base32(digest).slice(0, 32)}`;
}

/** Whether the id of a job was derived from an idempotency key. */
export function isKeyed(jobId: string): boolean {
  return jobId.startsWith('k');
}

/**
 * The partition of a tenant, one of `partitions` hash slots; the same on every machine, for ever.
 */
export function partitionOf(tenantId: string, partitions: number): number {
  if (partitions === 1) return 0;
  return createHash('sha256').update(tenantId).digest().readUInt32BE(0) % partitions;
}

/** A UUID derived from a text (RFC 9562, version 8): the same text gives the same UUID. */
export function uuidOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32[(value >>> bits) & 31];
    }
  }
  return text;
}
