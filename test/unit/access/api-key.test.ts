import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type KeySpec, mayUse, SCOPES } from '../../../src/access/api-key.ts';
import { developmentKey } from '../../../src/access/development-key.ts';
import { digestOf, MAX_SECRETS, placeOf } from '../../../src/access/digest.ts';
import { newStoredKey, rotated, type StoredKey, storedKeyOf } from '../../../src/access/stored-key.ts';
import { createManualClock } from '../../support/clock.ts';

const NOW = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;

const scope = fc.constantFrom(...SCOPES);
const tenant = fc.constantFrom('acme', 'globex', 'initech', 'all', '__proto__', 'constructor');
const key = fc.record({
  scopes: fc.uniqueArray(scope, { minLength: 1 }),
  tenants: fc.oneof(fc.constant('all' as const), fc.uniqueArray(tenant, { minLength: 1 })),
});

describe('a key', () => {
  test('may use its scopes and no other; admin has all of them', () => {
    fc.assert(
      fc.property(key, scope, (key, scope) => {
        expect(mayUse(key, scope)).toBe(key.scopes.includes('admin') || key.scopes.includes(scope));
      }),
    );
  });

  test('may act for its tenants and no other', () => {
    fc.assert(
      fc.property(key, scope, tenant, (key, scope, tenantId) => {
        const isItsTenant = key.tenants === 'all' || key.tenants.some((each) => each === tenantId);
        expect(mayUse(key, scope, tenantId)).toBe(mayUse(key, scope) && isItsTenant);
      }),
    );
  });

  test('of the tenant "all" is no key for all tenants', () => {
    expect(mayUse({ tenants: ['all'], scopes: ['admin'] }, 'read', 'acme')).toBe(false);
  });
});

function spec(fields: object = {}): KeySpec {
  return { name: 'crm', tenants: ['acme'], scopes: ['send'], ...fields };
}

describe('a new key', () => {
  test('has each tenant and scope once', () => {
    const made = newStoredKey(
      spec({ tenants: ['b', 'a', 'b'], scopes: ['send', 'send', 'read'] }),
      digestOf('x'),
      NOW,
    );
    expect(made).toMatchObject({ tenants: ['b', 'a'], scopes: ['send', 'read'], expiresAt: null });
    expect(storedKeyOf(JSON.stringify(made))).toEqual(made);
  });

  test.for<[message: string, fields: object]>([
    ['name: expected 1 to 100 printable characters, got a text of 0 characters', { name: '' }],
    ['name: expected 1 to 100 printable characters, got a text of 5 characters', { name: 'a\u001b[2J' }],
    ['tenants: expected "all", or 1 to 100 ids of tenants, got a list of 0', { tenants: [] }],
    ['tenants: expected "all", or 1 to 100 ids of tenants, got a text of 4 characters', { tenants: 'acme' }],
    [
      'tenants: expected "all", or 1 to 100 ids of tenants, got a list of 101',
      { tenants: Array(101).fill('a') },
    ],
    ['scopes: expected 1 to 10 scopes, got a list of 0', { scopes: [] }],
    [
      'scopes[1]: expected one of "send"|"read"|"operate"|"admin", got a text of 6 characters',
      { scopes: ['send', 'SECRET'] },
    ],
    ['expiresAt: expected a time in the future, in UTC, or null', { expiresAt: '2025-12-31T23:59:59.999Z' }],
    ['expiresAt: expected a time in the future, in UTC, or null', { expiresAt: 'tomorrow' }],
    ['unknown field "admin"', { admin: true }],
  ])('is refused by its field: %s', ([message, fields]) => {
    expect(() => newStoredKey(spec(fields), digestOf('x'), NOW)).toThrow(message);
  });
});

describe('a key that is rotated', () => {
  const first = newStoredKey(spec(), digestOf('1'), NOW);
  const untils = ({ secrets }: StoredKey) =>
    secrets.map(({ until }) => (until === null ? null : Date.parse(until) - NOW));

  test('keeps former secrets until the overlap is over', () => {
    const second = rotated(first, digestOf('2'), HOUR, NOW);
    const third = rotated(second, digestOf('3'), 5 * HOUR, NOW + HOUR / 2);

    expect(untils(second)).toEqual([null, HOUR]);
    expect(untils(third)).toEqual([null, 5.5 * HOUR, HOUR]);
    expect(untils(rotated(third, digestOf('4'), HOUR, NOW + 2 * HOUR))).toEqual([null, 3 * HOUR, 3 * HOUR]);
  });

  test('keeps no former secret without an overlap', () => {
    const second = rotated(first, digestOf('2'), HOUR, NOW);

    expect(untils(rotated(second, digestOf('3'), 0, NOW + 1))).toEqual([null]);
  });

  test('has a bounded number of secrets', () => {
    let stored = first;
    for (let n = 1; n < MAX_SECRETS; n++) stored = rotated(stored, digestOf(`${n}`), HOUR, NOW);

    expect(() => rotated(stored, digestOf('x'), HOUR, NOW)).toThrow(
      /5 secrets of this key work already\. Wait .* or rotate with an overlap of 0s/,
    );
    expect(untils(rotated(stored, digestOf('x'), 0, NOW))).toEqual([null]);
    expect(untils(rotated(stored, digestOf('x'), HOUR, NOW + HOUR))).toEqual([null, HOUR + HOUR]);
  });
});

describe('a digest', () => {
  const digests = Array.from({ length: MAX_SECRETS }, (_, n) => digestOf(`${n}`));

  test('is found at its place among those of a key', () => {
    for (const [place, digest] of digests.entries()) {
      expect(placeOf(digest, digests)).toBe(place);
      expect(placeOf(digest, digests.slice(0, place))).toBe(-1);
    }
  });

  test('that stands in for a missing secret is no secret', () => {
    expect(placeOf(Buffer.alloc(32), [])).toBe(-1);
    expect(placeOf(Buffer.alloc(32), digests.slice(1))).toBe(-1);
  });
});

describe('a text in Redis that another program changed', () => {
  const sound = newStoredKey(spec(), digestOf('1'), NOW);

  test.for<[what: string, text: string]>([
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['scopes alone', '{"scopes":["admin"]}'],
    ['an unknown scope', JSON.stringify({ ...sound, scopes: ['root'] })],
    ['no secret', JSON.stringify({ ...sound, secrets: [] })],
    ['an empty digest', JSON.stringify({ ...sound, secrets: [{ digest: '', until: null }] })],
    ['an expiry that is no time', JSON.stringify({ ...sound, expiresAt: 'never' })],
    ['no tenants', JSON.stringify({ ...sound, tenants: undefined })],
  ])('is no key: %s', ([, text]) => {
    expect(storedKeyOf(text)).toBeUndefined();
  });
});

describe('the development key', () => {
  test('may do everything, for every tenant, with its own secret alone', () => {
    const { key, secret, verify } = developmentKey(createManualClock(NOW));

    expect(secret).toMatch(/^gwm_dev_[0-9A-Za-z]{60}$/);
    expect(verify(secret)).toBe(key);
    expect(verify(developmentKey().secret)).toBeUndefined();
    expect(verify('')).toBeUndefined();
    for (const scope of SCOPES) expect(mayUse(key, scope, 'any')).toBe(true);
    expect(JSON.stringify(key)).not.toContain(secret);
  });
});
