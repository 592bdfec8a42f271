import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jobIdOf, partitionOf, uuidOf } from '../../../src/core/ids.ts';

/** Short texts of letters and of characters that a join of parts could use as separators. */
const awkward = fc.string({
  unit: fc.constantFrom('a', 'b', ':', ',', '"', '\\', '[', ']', '-', '/', '|', '\0', ' '),
  maxLength: 4,
});
const parts = fc.tuple(awkward, awkward, awkward);
const anyText = fc.string({ unit: 'binary' });

/** BullMQ uses digits for its own ids and colons as separators. */
const SAFE = /^[a-z][a-z0-9]+$/;

describe('the id of a job with a key', () => {
  test('is the same on every machine', () => {
    expect(jobIdOf('message-transmission', 'acme', 'order-42')).toBe('knlivafplpdgpqyndjhdgr22ah3fwoxmj');
    expect(jobIdOf('message-transmission', 'globex', 'order-42')).toBe('kxcbdjrjv5mn2qquzizh5qrouacodq76i');
  });

  test('differs if kind, tenant or key differ, with any separators', () => {
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        fc.pre(one.some((part, index) => part !== other[index]));
        expect(jobIdOf(...one)).not.toBe(jobIdOf(...other));
      }),
      { numRuns: 1000 },
    );
  });

  test.for([
    { name: 'half a surrogate pair', keys: ['\ud800', '\ufffd'] },
    { name: 'composed and decomposed letters', keys: ['\u00e9', 'e\u0301'] },
    { name: 'case', keys: ['a', 'A'] },
    { name: 'white space', keys: ['a', 'a '] },
  ])('differs for similar keys: $name', ({ keys }) => {
    expect(new Set(keys.map((key) => jobIdOf('kind', 'tenant', key))).size).toBe(2);
  });

  test('is valid for BullMQ, for any key', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (kind, tenantId, key) => {
        const jobId = jobIdOf(kind, tenantId, key);
        expect(jobId).toMatch(SAFE);
        expect(jobId).toHaveLength(33);
        expect(jobIdOf(kind, tenantId, key)).toBe(jobId);
      }),
    );
  });

  test('does not show the key', () => {
    expect(jobIdOf('message-transmission', 'acme', 'alice')).not.toContain('alice');
  });
});

describe('the id of a job without a key', () => {
  test('is new each time, and valid for BullMQ', () => {
    const ids = Array.from({ length: 1000 }, () => jobIdOf('kind', 'tenant'));
    expect(new Set(ids).size).toBe(1000);
    for (const jobId of ids) expect(jobId).toMatch(SAFE);
  });

  test('begins with another letter than the id of a job with a key', () => {
    expect(jobIdOf('kind', 'tenant')[0]).not.toBe(jobIdOf('kind', 'tenant', 'key')[0]);
  });

  test('an empty key counts as a key', () => {
    expect(jobIdOf('kind', 'tenant', '')).toBe(jobIdOf('kind', 'tenant', ''));
  });
});

describe('the partition of a tenant', () => {
  test('is the same on every machine', () => {
    expect(['acme', 'globex', 'initech'].map((tenantId) => partitionOf(tenantId, 16))).toEqual([13, 13, 2]);
  });

  test('is a number below the number of partitions', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 64 }), (tenantId, partitions) => {
        const partition = partitionOf(tenantId, partitions);
        expect(Number.isInteger(partition)).toBe(true);
        expect(partition).toBeGreaterThanOrEqual(0);
        expect(partition).toBeLessThan(partitions);
        expect(partitionOf(tenantId, partitions)).toBe(partition);
      }),
    );
  });

  test('spreads tenants evenly', () => {
    const tenants = Array.from({ length: 16_000 }, (_, index) => `tenant-${index}`);
    const shares = Map.groupBy(tenants, (tenantId) => partitionOf(tenantId, 16));
    expect(shares.size).toBe(16);
    for (const share of shares.values()) {
      expect(share.length).toBeGreaterThan(850);
      expect(share.length).toBeLessThan(1150);
    }
  });
});

describe('a UUID made of a text', () => {
  test('is one of version 8, the same on every machine', () => {
    expect(uuidOf('kabc')).toBe('f78a7b4e-8a17-84b4-9787-0de7f2b5e549');
    fc.assert(
      fc.property(anyText, (text) => {
        expect(uuidOf(text)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      }),
    );
  });

  test('differs for another text', () => {
    const texts = Array.from({ length: 1000 }, (_, n) => `job-${n}`);
    expect(new Set(texts.map(uuidOf)).size).toBe(1000);
  });
});
