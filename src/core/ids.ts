import { createHash, randomUUID } from 'node:crypto';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * The id of a job in its queue. With an idempotency key the id is derived from kind, tenant and key, so
 * that the same key is accepted once and the keys of two tenants never meet; without one it is random.
 *
 * A letter first and no colon: BullMQ refuses ids of digits only and reads colons as its own.
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

/** Maps a tenant to one of `partitions` hash slots; the same on every machine, for ever. */
export function partitionOf(tenantId: string, partitions: number): number {
  if (partitions === 1) return 0;
  return createHash('sha256').update(tenantId).digest().readUInt32BE(0) % partitions;
}

/** A UUID made of a text (RFC 9562, version 8): the same text gives the same one. */
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
