import { randomBytes } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import { OperatorError } from '../core/errors.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import type { ApiKey, KeySpec } from './api-key.ts';
import { digestOf, placeOf } from './digest.ts';
import { createKeyStore, type FoundKey, type KeyStore } from './key-store.ts';
import { createRecentReads } from './recent-reads.ts';
import { keyIdOf, newKeyId, newSecret, type RandomBytes } from './secret.ts';
import { apiKeyOf, isOver, newStoredKey, rotated, type StoredKey } from './stored-key.ts';

/** The API keys of an installation, in Redis. A secret is shown once, and stored as its digest. */
export interface ApiKeys {
  /** @throws {OperatorError} naming every field that is wrong. */
  create(spec: KeySpec): Promise<IssuedKey>;
  get(id: string): Promise<ApiKey | undefined>;
  /** All keys, the newest first. */
  list(): Promise<ApiKey[]>;
  /**
   * Makes a new secret. Former secrets work for `overlapMs`, and with 0 no longer.
   * @returns undefined when there is no such key.
   * @throws {OperatorError} when the key has expired, or too many of its secrets work.
   */
  rotate(id: string, overlapMs: number): Promise<IssuedKey | undefined>;
  /** @returns whether there was such a key. Every process refuses it after {@link CACHE_MS}. */
  revoke(id: string): Promise<boolean>;
  /**
   * The key of a secret; undefined when the secret is malformed, unknown or former, or its key has
   * expired or is revoked. The answer to an unknown key takes as long as that to a known one.
   * Rejects when Redis does not answer.
   */
  verify(secret: string): Promise<ApiKey | undefined>;
  /** The same for a secret of which the caller has kept the digest alone. */
  verifyDigest(id: string, digest: Buffer): Promise<ApiKey | undefined>;
  /** Whether a key was ever made, also when it is revoked. */
  wasAnyMade(): Promise<boolean>;
}

/** A key with a secret that was made just now. */
export interface IssuedKey {
  readonly key: ApiKey;
  readonly secret: string;
}

export interface ApiKeysOptions {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly clock: Clock;
  /** For tests. */
  readonly random?: RandomBytes;
}

/** A process works with keys as they were at most this time ago, ms. */
export const CACHE_MS = 2000;

/** Ids in the cache, unknown ones included: they must not be quicker the second time. */
const MAX_CACHED = 10_000;

/** A process notes the use of a key at most once in this time, ms. */
const NOTE_USE_MS = 60_000;

export function createApiKeys({ client, keys, clock, random = randomBytes }: ApiKeysOptions): ApiKeys {
  const store = createKeyStore({ client, keys });
  const read = async (id: string) => readyKeyOf(await store.read(id));
  const recent = createRecentReads({ read, clock, maxAgeMs: CACHE_MS, maxEntries: MAX_CACHED });
  const noteUse = createUseNotes(store);

  const verifyDigest = async (id: string | undefined, digest: Buffer) => {
    const ready = id === undefined ? undefined : await recent.of(id);
    // The comparisons are made for an unknown key as well.
    const place = placeOf(digest, ready?.digests ?? []);
    const match = ready?.secrets[place];
    const nowMs = clock.now();
    if (!ready || !match) return undefined;
    const { key } = ready;
    if (isOver(match.until, nowMs) || isOver(key.expiresAt, nowMs)) return undefined;
    noteUse(key.id, nowMs);
    return key;
  };

  const issue = async (id: string, before: FoundKey | undefined, make: (digest: Buffer) => StoredKey) => {
    const secret = newSecret('live', id, random);
    const stored = make(digestOf(secret));
    const isWritten = await store.write(id, before, stored);
    recent.forget(id);
    const key = apiKeyOf(id, stored, before?.lastUsedMs ?? null);
    return isWritten ? { key, secret } : undefined;
  };

  return {
    async create(spec) {
      for (;;) {
        const issued = await issue(newKeyId(random), undefined, (digest) =>
          newStoredKey(spec, digest, clock.now()),
        );
        // Another key may have this id already.
        if (issued) return issued;
      }
    },

    async get(id) {
      const found = await store.read(id);
      return found && shown(found);
    },

    async list() {
      return (await store.readAll()).map(shown).sort(byAge);
    },

    async rotate(id, overlapMs) {
      for (;;) {
        const before = await store.read(id);
        if (!before) return undefined;
        const nowMs = clock.now();
        if (isOver(before.stored.expiresAt, nowMs)) throw expired();
        const issued = await issue(id, before, (digest) => rotated(before.stored, digest, overlapMs, nowMs));
        // Another operator may have rotated or revoked the key meanwhile.
        if (issued) return issued;
      }
    },

    async revoke(id) {
      const wasThere = await store.remove(id);
      recent.forget(id);
      return wasThere;
    },

    verify: (secret) => verifyDigest(keyIdOf(secret), digestOf(secret)),
    verifyDigest,

    wasAnyMade: store.wasAnyMade,
  };
}

/** A key as each request needs it, made once for each read. */
interface ReadyKey {
  readonly key: ApiKey;
  readonly secrets: StoredKey['secrets'];
  readonly digests: readonly Buffer[];
}

function readyKeyOf(found: FoundKey | undefined): ReadyKey | undefined {
  if (!found) return undefined;
  const { secrets } = found.stored;
  const digests = secrets.map(({ digest }) => Buffer.from(digest, 'hex'));
  return { key: shown(found), secrets, digests };
}

/** Notes the use of a key now and then. A request does not wait for it. */
function createUseNotes(store: KeyStore): (id: string, nowMs: number) => void {
  const notedAtMs = new Map<string, number>();
  return (id, nowMs) => {
    const noted = notedAtMs.get(id);
    if (noted !== undefined && nowMs - noted < NOTE_USE_MS) return;
    notedAtMs.set(id, nowMs);
    // After a failure the next minute has another try.
    store.noteUse(id, nowMs).catch(() => {});
  };
}

function shown({ id, stored, lastUsedMs }: FoundKey): ApiKey {
  return apiKeyOf(id, stored, lastUsedMs);
}

/** The newest first. Keys of one millisecond have the order of their ids. */
function byAge(a: ApiKey, b: ApiKey): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? 1 : -1;
  return a.id < b.id ? -1 : 1;
}

function expired(): OperatorError {
  return new OperatorError('This key has expired. Create a new one.', 'refused');
}
