import crypto, { randomBytes } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { describe, expect, test, vi } from 'vitest';
import { CACHE_MS } from '../../../src/access/api-keys.ts';
import { newKeyId, newSecret } from '../../../src/access/secret.ts';
import type { RedisClient } from '../../../src/redis/connect.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { HOUR, keySpec, setKeys } from './stage.ts';

/** Counts the digests and comparisons that a call makes, and its commands to Redis. */
async function effortOf(client: RedisClient, act: () => Promise<unknown>) {
  const [createHash, timingSafeEqual] = [vi.spyOn(crypto, 'createHash'), vi.spyOn(crypto, 'timingSafeEqual')];
  const sendCommand = vi.spyOn(client, 'sendCommand');
  syncBuiltinESMExports();
  try {
    await act();
    const commands = sendCommand.mock.calls.map(([{ name }]) => name);
    return {
      digests: createHash.mock.calls.length,
      comparisons: timingSafeEqual.mock.calls.length,
      commands,
    };
  } finally {
    for (const spy of [createHash, timingSafeEqual, sendCommand]) spy.mockRestore();
    syncBuiltinESMExports();
  }
}

describe('the effort of a check', () => {
  test('is the same for the right secret, a wrong or former one, and a key that is unknown, expired or revoked', async () => {
    const { apiKeys, another, clock, client } = setKeys();
    const expiresAt = new Date(clock.now() + HOUR).toISOString();
    const [expired, revoked, rotated, sound] = await Promise.all([
      apiKeys.create(keySpec({ expiresAt })),
      apiKeys.create(keySpec()),
      apiKeys.create(keySpec()),
      apiKeys.create(keySpec()),
    ]);
    await apiKeys.rotate(rotated.key.id, 0);
    await apiKeys.revoke(revoked.key.id);
    const current = await apiKeys.rotate(sound.key.id, 2 * HOUR);
    const process = another();
    // Its use is noted, so that the right secret costs no note either.
    await process.verify(current?.secret ?? '');
    clock.advance(HOUR);
    await process.verify(current?.secret ?? '');
    const secrets = {
      right: current?.secret ?? '',
      unknown: newSecret('live', newKeyId(randomBytes), randomBytes),
      wrong: newSecret('live', sound.key.id, randomBytes),
      expired: expired.secret,
      revoked: revoked.secret,
      former: rotated.secret,
    };

    for (const [name, secret] of Object.entries(secrets)) {
      clock.advance(CACHE_MS);
      const fresh = await effortOf(client, () => process.verify(secret));
      const cached = await effortOf(client, () => process.verify(secret));
      expect({ name, ...fresh }).toEqual({ name, digests: 1, comparisons: 5, commands: ['hget', 'hget'] });
      expect({ name, ...cached }).toEqual({ name, digests: 1, comparisons: 5, commands: [] });
    }
  });

  test('has no request to Redis for a text with a wrong check sum', async () => {
    const { apiKeys, client } = setKeys();
    const { secret } = await apiKeys.create(keySpec());
    const typo = secret.slice(0, -1) + (secret.endsWith('a') ? 'b' : 'a');

    for (const text of [typo, '', 'x'.repeat(1_000_000)]) {
      const effort = await effortOf(client, () => apiKeys.verify(text));
      expect(effort).toEqual({ digests: 1, comparisons: 5, commands: [] });
    }
  });

  test('has one read for many requests at the same time', async () => {
    const { apiKeys, another, client } = setKeys();
    const { secret } = await apiKeys.create(keySpec());
    const process = another();

    const { commands } = await effortOf(client, () =>
      Promise.all(Array.from({ length: 100 }, () => process.verify(secret))),
    );

    expect(commands.filter((name) => name === 'hget')).toHaveLength(2);
    expect(commands.filter((name) => name.startsWith('eval'))).toHaveLength(1);
  });
});

describe('a Redis that is away', () => {
  test('is an error and no refusal; the next check after its return is right', async () => {
    const redis = await openOwnRedis();
    const { apiKeys, another } = setKeys(redis);
    const { key, secret } = await apiKeys.create(keySpec());
    const process = another();
    await redis.kill();

    await expect(process.verify(secret)).rejects.toThrow();
    await redis.restart();

    await expect.poll(() => process.verify(secret).catch(() => undefined)).toMatchObject({ id: key.id });
  });
});
