import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentDigest } from '../../../src/jobs/content-digest.ts';

test('the digest is the same for the same content, with its fields in any order', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (content) => {
      const reversed = Object.fromEntries(Object.entries(content).reverse());
      expect(contentDigest(reversed)).toBe(contentDigest(content));
      expect(contentDigest(JSON.parse(JSON.stringify(content)))).toBe(contentDigest(content));
    }),
  );
});

test('the digest changes with any value, at any depth', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 8 }), (path) => {
      const nested = (value: string) =>
        path.reduceRight<unknown>((inner, name) => ({ [name]: [inner] }), value) as Record<string, unknown>;
      expect(contentDigest(nested('one'))).not.toBe(contentDigest(nested('other')));
    }),
  );
});

test('the digest ignores the idempotency key and the trace', () => {
  const content = { text: 'hello' };
  const digest = contentDigest(content);
  expect(contentDigest({ ...content, idempotencyKey: 'a', traceparent: '00-1' })).toBe(digest);
  expect(contentDigest({ ...content, expiresAt: '2026-03-01T09:30:00Z' })).not.toBe(digest);
  expect(contentDigest({ ...content, priority: 'urgent' })).not.toBe(digest);
});

test('the digest reveals nothing of the content', () => {
  expect(contentDigest({ text: 'hello' })).toMatch(/^[\w-]{16}$/);
});
