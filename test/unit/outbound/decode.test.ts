import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode } from '../../../src/outbound/decode.ts';

const MAX = 10_000;

describe('a compressed body', () => {
  test.for([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('in %s is decoded', async ([encoding, compress]) => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: MAX }), async (bytes) => {
        const decoded = await decode(compress(bytes), encoding, MAX);
        expect(decoded).toEqual({ bytes: Buffer.from(bytes), ending: 'whole' });
      }),
      { numRuns: 30 },
    );
  });

  test.for([
    ['gzip', gzipSync(Buffer.alloc(50_000_000, 'x'))],
    ['br', brotliCompressSync(Buffer.alloc(50_000_000, 'x'))],
    ['gzip, gzip', gzipSync(gzipSync(Buffer.alloc(50_000_000, 'x')))],
  ] as const)('is cut if it expands to 50 MB: %s', async ([encoding, bomb]) => {
    const { bytes, ending } = await decode(bomb, encoding, MAX);
    expect(ending).toBe('cut');
    expect(bytes.length).toBeLessThanOrEqual(MAX);
  });

  test.for([
    ['zstd', Buffer.from('abc')],
    ['gzip', Buffer.from('no gzip')],
    ['gzip', gzipSync('abc').subarray(0, 12)],
    ['br', Buffer.from('\xff\xff\xff')],
    ['gzip,gzip,gzip,gzip', gzipSync(gzipSync(gzipSync(gzipSync('abc'))))],
  ] as const)('becomes empty if it cannot be decoded: %s', async ([encoding, bytes]) => {
    expect(await decode(bytes, encoding, MAX)).toEqual({ bytes: Buffer.alloc(0), ending: 'broken' });
  });

  test('stays unchanged if it is empty or not compressed', async () => {
    expect(await decode(Buffer.alloc(0), 'gzip', MAX)).toEqual({ bytes: Buffer.alloc(0), ending: 'whole' });
    expect(await decode(Buffer.from('a'), 'identity', MAX)).toEqual({
      bytes: Buffer.from('a'),
      ending: 'whole',
    });
  });
});
