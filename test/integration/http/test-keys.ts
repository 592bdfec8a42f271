import type { KeySpec } from '../../../src/access/api-key.ts';
import type { ApiKeys } from '../../../src/access/api-keys.ts';
import { keyIdOf } from '../../../src/access/secret.ts';

export interface TestKeys {
  /** Makes a key for all tenants with all scopes, unless the test wants another one. Returns its secret. */
  make(spec?: Partial<KeySpec>): Promise<string>;
  /** Revokes the key of a secret. */
  revoke(secret: string): Promise<void>;
}

export function testKeys(apiKeys: ApiKeys): TestKeys {
  return {
    async make(spec = {}) {
      const { secret } = await apiKeys.create({ name: 'test', tenants: 'all', scopes: ['admin'], ...spec });
      return secret;
    },
    async revoke(secret) {
      await apiKeys.revoke(keyIdOf(secret) ?? '');
    },
  };
}
