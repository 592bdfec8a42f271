import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callback, id, tenantId, timestamp } from '../../../src/jobs/fields.ts';

describe('an id', () => {
  test('has 1 to 200 characters', () => {
    expect(id.safeParse('a').success).toBe(true);
    expect(id.safeParse('a'.repeat(200)).success).toBe(true);
    expect(id.safeParse('😀'.repeat(200)).success).toBe(true);
    expect(id.safeParse('a'.repeat(201)).success).toBe(false);
    expect(id.safeParse('').success).toBe(false);
  });

  test.for(['guest-abc-123', 'a:b/c?d=e', 'ünïcode', '漢字', '__proto__'])('may be %s', (text) => {
    expect(id.parse(text)).toBe(text);
  });

  test.for(['a b', ' a', 'a\n', 'a\u00a0b', 'a\0b', '\u001b[2J', 'a\u200bb', '\u202ea', '\ud800', '\ufeff'])(
    'may not be %j',
    (text) => {
      expect(id.safeParse(text).success).toBe(false);
    },
  );
});

describe('an id in a path', () => {
  test.for(['.', '..'])('may not be "%s", which an address cannot contain', (text) => {
    expect(id.safeParse(text).success).toBe(false);
  });
});

describe('the name of a tenant', () => {
  test.for(['a', 'acme', 'Acme_1.eu-west', '7', 'a'.repeat(64)])('may be %s', (text) => {
    expect(tenantId.parse(text)).toBe(text);
  });

  test.for(['', '-a', '.', '_a', '__proto__', 'a:b', 'a b', 'a{1}', 'a*', 'ä', 'a\n', 'a'.repeat(65)])(
    'may not be %j',
    (text) => {
      expect(tenantId.safeParse(text).success).toBe(false);
    },
  );

  test('has no characters with a meaning for Redis, metrics or paths', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 70 }), (text) => {
        if (tenantId.safeParse(text).success) expect(text).toMatch(/^[a-zA-Z0-9_.-]+$/);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a time', () => {
  test.for(['2026-03-01T09:30:00Z', '2026-03-01T09:30:00.123Z', '2026-03-01T09:30:00+05:30'])(
    'may be %s',
    (text) => {
      expect(timestamp.parse(text)).toBe(text);
      expect(Date.parse(text)).not.toBeNaN();
    },
  );

  test.for(['2026-03-01T09:30:00', '2026-03-01', '2026-02-30T09:30:00Z', '2026-03-01 09:30:00Z', 'now', ''])(
    'may not be %s',
    (text) => {
      expect(timestamp.safeParse(text).success).toBe(false);
    },
  );
});

test('a callback may choose events, and then at least one', () => {
  const url = 'https://events.example.com/hook';
  expect(callback.parse({ url })).toEqual({ url });
  const events = ['delivered', 'failed', 'expired'];
  expect(callback.parse({ url, events })).toEqual({ url, events });
  for (const wrong of [[], ['sent'], 'failed']) {
    expect(callback.safeParse({ url, events: wrong }).success).toBe(false);
  }
});
