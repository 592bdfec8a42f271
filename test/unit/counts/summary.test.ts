import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bucketField, COUNTS, type Fields, merged } from '../../../src/counts/fields.ts';
import { BOUNDS_MS } from '../../../src/counts/histogram.ts';
import { summaryOf } from '../../../src/counts/summary.ts';

const field = fc.oneof(
  fc.constantFrom(...COUNTS),
  fc.nat(BOUNDS_MS.length - 1).map((bucket) => bucketField('latency', bucket)),
  fc.nat(BOUNDS_MS.length - 1).map((bucket) => bucketField('jobLatency', bucket)),
);
const fields: fc.Arbitrary<Fields> = fc
  .dictionary(field, fc.integer({ min: 1, max: 1000 }))
  .map((counts) => new Map(Object.entries(counts)));

describe('the summary of counts', () => {
  test('has both rates as the guides count them: by attempt, and by job', () => {
    const { deliveryRate, successRate } = summaryOf(
      new Map([
        ['delivered', 6],
        ['failed', 1],
        ['held', 1],
        ['expired', 4],
        ['retry', 2],
        ['throttled', 50],
        ['accepted', 99],
      ]),
    );

    expect({ deliveryRate, successRate }).toEqual({ deliveryRate: 60, successRate: 50 });
  });

  test('has null for what it cannot say', () => {
    expect(summaryOf(new Map([['throttled', 1]]))).toEqual({
      counts: { accepted: 0, delivered: 0, failed: 0, expired: 0, held: 0, retry: 0, throttled: 1 },
      deliveryRate: null,
      successRate: null,
      latency: null,
      jobLatency: null,
    });
    expect(summaryOf(new Map([['retry', 1]]))).toMatchObject({ deliveryRate: 0, successRate: null });
  });

  test('is the same however the counts are spread over hashes', () => {
    fc.assert(
      fc.property(fc.array(fields, { maxLength: 6 }), fc.nat(6), (all, split) => {
        const halves = [merged(all.slice(0, split)), merged(all.slice(split))];
        expect(summaryOf(merged(halves.toReversed()))).toEqual(summaryOf(merged(all)));
      }),
    );
  });
});
