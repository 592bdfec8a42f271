import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { CACHE_MS } from '../../../src/access/api-keys.ts';
import { newSecret } from '../../../src/access/secret.ts';
import { HOUR, keySpec, setKeys } from './stage.ts';

describe('an API key', () => {
  test('is known by its secret, in every process', async () => {
    const { apiKeys, another } = setKeys();
    const spec = keySpec({ tenants: ['acme', 'globex'], scopes: ['send', 'read'] });

    const { key, secret } = await apiKeys.create(spec);

    expect(key).toEqual({
      ...spec,
      id: expect.stringMatching(/^k_[0-9A-Za-z]{11}$/),
      createdAt: '2026-01-01T00:00:00.000Z',
      expiresAt: null,
      lastUsedAt: null,
    });
    expect(await apiKeys.verify(secret)).toEqual(key);
    expect(await another().verify(secret)).toMatchObject({ id: key.id });
  });

  test('is not found by another secret of its form, nor by anything else', async () => {
    const { apiKeys, another } = setKeys();
    const { secret } = await apiKeys.create(keySpec());
    const stranger = await setKeys().apiKeys.create(keySpec());

    for (const text of [stranger.secret, '', 'gwm_live_', `${secret} `, 'x'.repeat(1_000_000), '\u0000']) {
      expect(await another().verify(text)).toBeUndefined();
    }
  });

  test('expires at its moment', async () => {
    const { apiKeys, clock } = setKeys();
    const expiresAt = new Date(clock.now() + HOUR).toISOString();
    const { secret, key } = await apiKeys.create(keySpec({ expiresAt }));

    clock.advance(HOUR - 1);
    expect(await apiKeys.verify(secret)).toMatchObject({ id: key.id, expiresAt });
    clock.advance(1);

    expect(await apiKeys.verify(secret)).toBeUndefined();
    expect(await apiKeys.list()).toMatchObject([{ id: key.id, expiresAt }]);
    await expect(apiKeys.rotate(key.id, HOUR)).rejects.toThrow('This key has expired. Create a new one.');
  });

  test('with an id that is taken gets another one', async () => {
    const { apiKeys, another } = setKeys();
    let ids = 0;
    // The first two ids are the same. The secrets differ.
    const random = (size: number) => (size === 8 && ids++ < 2 ? Buffer.alloc(size, 1) : randomBytes(size));

    const one = await another(random).create(keySpec());
    const other = await another(random).create(keySpec());

    expect(other.key.id).not.toBe(one.key.id);
    expect(await apiKeys.verify(one.secret)).toMatchObject({ id: one.key.id });
    expect(await apiKeys.verify(other.secret)).toMatchObject({ id: other.key.id });
  });

  test('that Redis is sent twice, after a lost reply, is made once', async () => {
    const { apiKeys, another } = setKeys();
    const random = (size: number) => Buffer.alloc(size, 1);

    const [one, again] = [await another(random).create(keySpec()), await another(random).create(keySpec())];

    expect(again).toEqual(one);
    expect(await apiKeys.list()).toHaveLength(1);
  });

  test('that another program damaged is no key, and can be revoked', async () => {
    const { apiKeys, another, client, keys } = setKeys();
    const { key, secret } = await apiKeys.create(keySpec());
    await client.hset(keys.apiKeys(), key.id, '{"scopes":["admin"],"tenants":"all"}');

    expect(await another().verify(secret)).toBeUndefined();
    expect(await apiKeys.list()).toEqual([]);
    expect(await apiKeys.rotate(key.id, HOUR)).toBeUndefined();
    expect(await apiKeys.revoke(key.id)).toBe(true);
  });
});

describe('a key that is revoked', () => {
  test('is refused at once by the process that revoked it, and by the others within the cache time', async () => {
    const { apiKeys, another, clock } = setKeys();
    const other = another();
    const { key, secret } = await apiKeys.create(keySpec());
    await Promise.all([apiKeys.verify(secret), other.verify(secret)]);

    clock.advance(1);
    expect(await apiKeys.revoke(key.id)).toBe(true);

    expect(await apiKeys.verify(secret)).toBeUndefined();
    clock.advance(CACHE_MS - 2);
    expect(await other.verify(secret)).toMatchObject({ id: key.id });
    clock.advance(1);
    expect(await other.verify(secret)).toBeUndefined();
  });

  test('leaves nothing of itself in Redis, also when another process uses it meanwhile', async () => {
    const { apiKeys, another, client, keys } = setKeys();
    const other = another();
    const { key, secret } = await apiKeys.create(keySpec());
    await apiKeys.verify(secret);
    // A wrong secret brings the key into the cache of the other process, and is no use of it.
    await other.verify(newSecret('live', key.id, randomBytes));
    await apiKeys.revoke(key.id);
    expect(await other.verify(secret)).toMatchObject({ id: key.id });
    await client.ping();

    expect(await client.exists(keys.apiKeys(), keys.apiKeyUses())).toBe(0);
    expect(await apiKeys.revoke(key.id)).toBe(false);
    expect(await apiKeys.rotate(key.id, HOUR)).toBeUndefined();
    expect(await apiKeys.list()).toEqual([]);
    expect(await apiKeys.wasAnyMade()).toBe(true);
  });
});

describe('a key that is rotated', () => {
  test('keeps its id; both secrets work until the overlap is over', async () => {
    const { apiKeys, another, clock } = setKeys();
    const { key, secret: old } = await apiKeys.create(keySpec());

    const issued = await apiKeys.rotate(key.id, HOUR);

    expect(issued?.key).toEqual(key);
    const current = issued?.secret ?? '';
    expect(current).not.toBe(old);
    clock.advance(HOUR - 1);
    for (const process of [apiKeys, another()]) {
      expect(await process.verify(old)).toMatchObject({ id: key.id });
      expect(await process.verify(current)).toMatchObject({ id: key.id });
    }
    clock.advance(1);
    for (const process of [apiKeys, another()]) {
      expect(await process.verify(old)).toBeUndefined();
      expect(await process.verify(current)).toMatchObject({ id: key.id });
    }
  });

  test('twice by mistake still takes the secret that its clients have', async () => {
    const { apiKeys } = setKeys();
    const { key, secret } = await apiKeys.create(keySpec());

    const issued = [await apiKeys.rotate(key.id, HOUR), await apiKeys.rotate(key.id, HOUR)];

    for (const each of [secret, ...issued.map((one) => one?.secret ?? '')]) {
      expect(await apiKeys.verify(each)).toMatchObject({ id: key.id });
    }
  });

  test('by two operators at the same time has both new secrets, and never comes back after its end', async () => {
    const { apiKeys, another } = setKeys();
    const { key } = await apiKeys.create(keySpec());

    const issued = await Promise.all([apiKeys.rotate(key.id, HOUR), another().rotate(key.id, HOUR)]);
    for (const each of issued) expect(await another().verify(each?.secret ?? '')).toBeDefined();
    await Promise.all([apiKeys.revoke(key.id), another().rotate(key.id, HOUR)]);

    expect(await apiKeys.list()).toEqual([]);
  });

  test('without an overlap takes the new secret alone', async () => {
    const { apiKeys } = setKeys();
    const { key, secret } = await apiKeys.create(keySpec());
    await apiKeys.rotate(key.id, HOUR);

    const issued = await apiKeys.rotate(key.id, 0);

    expect(await apiKeys.verify(secret)).toBeUndefined();
    expect(await apiKeys.verify(issued?.secret ?? '')).toMatchObject({ id: key.id });
  });
});

describe('the last use of a key', () => {
  test('is noted once a minute by each process', async () => {
    const { apiKeys, another, clock, client, keys } = setKeys();
    const { key, secret } = await apiKeys.create(keySpec());
    const lastUse = async () => (await another().get(key.id))?.lastUsedAt;
    expect(await lastUse()).toBeNull();

    await apiKeys.verify(secret);
    expect(await lastUse()).toBe('2026-01-01T00:00:00.000Z');
    clock.advance(59_999);
    await apiKeys.verify(secret);
    expect(await lastUse()).toBe('2026-01-01T00:00:00.000Z');
    clock.advance(1);
    await apiKeys.verify(secret);

    expect(await lastUse()).toBe('2026-01-01T00:01:00.000Z');
    expect(await apiKeys.list()).toMatchObject([{ lastUsedAt: '2026-01-01T00:01:00.000Z' }]);
    expect(await client.hlen(keys.apiKeyUses())).toBe(1);
  });

  test('is that of the right secret alone', async () => {
    const { apiKeys, client, keys } = setKeys();
    const { key, secret } = await apiKeys.create(keySpec());
    await apiKeys.rotate(key.id, 0);

    expect(await apiKeys.verify(secret)).toBeUndefined();

    expect(await client.exists(keys.apiKeyUses())).toBe(0);
  });
});

test('1,000 keys are listed, the newest first, and each is known by its secret', async () => {
  const { apiKeys, another, clock } = setKeys();
  expect(await apiKeys.wasAnyMade()).toBe(false);
  const issued = [];
  for (let n = 0; n < 1000; n++) {
    clock.advance(1);
    issued.push(await apiKeys.create(keySpec({ name: `key ${n}` })));
  }

  const listed = await apiKeys.list();

  expect(listed.map(({ name }) => name)).toEqual(issued.map(({ key }) => key.name).reverse());
  expect(await apiKeys.wasAnyMade()).toBe(true);
  const process = another();
  const found = await Promise.all(issued.map(({ secret }) => process.verify(secret)));
  expect(found.map((key) => key?.id)).toEqual(issued.map(({ key }) => key.id));
});
