import type { ApiKey } from '../access/api-key.ts';
import type { ApiKeys } from '../access/api-keys.ts';
import { type DevelopmentKey, developmentKey } from '../access/development-key.ts';
import { isLoopback } from './access.ts';

/** What requests and logins ask of the keys. */
export type Verifying = Pick<ApiKeys, 'verify' | 'verifyDigest'>;

/** The keys that a process takes, and the secret that it prints at its start. */
export interface ServingKeys extends Verifying {
  /** The secret of the development key; undefined when a key was ever made, or the network reaches the server. */
  readonly developmentSecret: string | undefined;
}

/**
 * On loopback a development key of this process works, so that the first request needs no preparation.
 * It works no more as soon as an operator has made a key, also when every key is revoked later.
 */
export async function servingKeys(
  apiKeys: Verifying & Pick<ApiKeys, 'wasAnyMade'>,
  httpHost: string,
): Promise<ServingKeys> {
  const isNeeded = isLoopback(httpHost) && !(await apiKeys.wasAnyMade());
  if (!isNeeded) {
    const { verify, verifyDigest } = apiKeys;
    return { verify, verifyDigest, developmentSecret: undefined };
  }
  const development = developmentKey();
  return { ...withDevelopment(apiKeys, development), developmentSecret: development.secret };
}

function withDevelopment(
  apiKeys: Verifying & Pick<ApiKeys, 'wasAnyMade'>,
  development: DevelopmentKey,
): Verifying {
  const unlessMade = async (key: ApiKey) => ((await apiKeys.wasAnyMade()) ? undefined : key);
  return {
    async verify(secret) {
      const key = development.verify(secret);
      return key ? await unlessMade(key) : await apiKeys.verify(secret);
    },
    async verifyDigest(id, digest) {
      const key = development.verifyDigest(digest);
      return key ? await unlessMade(key) : await apiKeys.verifyDigest(id, digest);
    },
  };
}
