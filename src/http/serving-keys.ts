import type { ApiKeys } from '../access/api-keys.ts';
import { type DevelopmentKey, developmentKey } from '../access/development-key.ts';
import { isLoopback } from './access.ts';

/** The keys that a process takes, and the secret that it prints at its start. */
export interface ServingKeys extends Pick<ApiKeys, 'verify'> {
  /** The secret of the development key; undefined when a key was ever made, or the network reaches the server. */
  readonly developmentSecret: string | undefined;
}

/**
 * On loopback a development key of this process works, so that the first request needs no preparation.
 * It works no more as soon as an operator has made a key, also when every key is revoked later.
 */
export async function servingKeys(
  apiKeys: Pick<ApiKeys, 'verify' | 'wasAnyMade'>,
  httpHost: string,
): Promise<ServingKeys> {
  const isNeeded = isLoopback(httpHost) && !(await apiKeys.wasAnyMade());
  if (!isNeeded) return { verify: apiKeys.verify, developmentSecret: undefined };
  const development = developmentKey();
  return { verify: withDevelopment(apiKeys, development), developmentSecret: development.secret };
}

function withDevelopment(
  apiKeys: Pick<ApiKeys, 'verify' | 'wasAnyMade'>,
  development: DevelopmentKey,
): ApiKeys['verify'] {
  return async (secret) => {
    const key = development.verify(secret);
    if (!key) return await apiKeys.verify(secret);
    return (await apiKeys.wasAnyMade()) ? undefined : key;
  };
}
