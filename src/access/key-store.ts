import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { loadScript } from '../redis/script.ts';
import { type StoredKey, storedKeyOf } from './stored-key.ts';

/** A key in Redis. */
export interface FoundKey {
  readonly id: string;
  readonly stored: StoredKey;
  /** The JSON of it, to find out later whether another process has changed it. */
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly lastUsedMs: number | null;
}

/** The API keys in Redis. A key that another program damaged is no key, and can be removed. */
export interface KeyStore {
  read(id: string): Promise<FoundKey | undefined>;
  readAll(): Promise<FoundKey[]>;
  /**
   * Writes a key, unless another process was first.
   * @param before what the caller read; undefined for a new key.
   * @returns whether Redis has the key now.
   */
  write(id: string, before: FoundKey | undefined, after: StoredKey): Promise<boolean>;
  /** @returns whether there was one. */
  remove(id: string): Promise<boolean>;
  noteUse(id: string, atMs: number): Promise<void>;
  /** Whether a key was ever made, also when it is revoked. */
  wasAnyMade(): Promise<boolean>;
}

export function createKeyStore({ client, keys }: { client: RedisClient; keys: Keys }): KeyStore {
  const store = loadScript(client, new URL('./store-api-key.lua', import.meta.url), []);
  const noteUse = loadScript(client, new URL('./note-api-key-use.lua', import.meta.url), []);
  const [all, uses, made] = [keys.apiKeys(), keys.apiKeyUses(), keys.apiKeyMade()];

  return {
    async read(id) {
      const [text, use] = await Promise.all([client.hget(all, id), client.hget(uses, id)]);
      return text === null ? undefined : foundIn(id, text, use);
    },

    async readAll() {
      const [texts, lastUses] = await Promise.all([client.hgetall(all), client.hgetall(uses)]);
      return Object.entries(texts)
        .map(([id, text]) => foundIn(id, text, lastUses[id] ?? null))
        .filter((found) => found !== undefined);
    },

    async write(id, before, after) {
      return (await store.run(all, [all, id, before?.text ?? '', JSON.stringify(after), made])) === 1;
    },

    async remove(id) {
      // ioredis may send the removal twice, and the second reply says that there is no such key.
      const wasThere = await client.hexists(all, id);
      // A key of an earlier version has no mark.
      if (wasThere === 1) await client.set(made, '1');
      await Promise.all([client.hdel(all, id), client.hdel(uses, id)]);
      return wasThere === 1;
    },

    async noteUse(id, atMs) {
      await noteUse.run(all, [all, uses, id, atMs]);
    },

    wasAnyMade: async () => (await client.exists(made, all)) > 0,
  };
}

function foundIn(id: string, text: string, use: string | null): FoundKey | undefined {
  const stored = storedKeyOf(text);
  return stored && { id, stored, text, lastUsedMs: use === null ? null : Number(use) };
}
