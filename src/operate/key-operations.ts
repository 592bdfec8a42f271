import type { ApiKey, KeySpec } from '../access/api-key.ts';
import type { ApiKeys, IssuedKey } from '../access/api-keys.ts';
import { messageOf, OperatorError } from '../core/errors.ts';
import { defineOperation, type Target } from './operation.ts';

export interface KeyName {
  readonly id: string;
}

export interface Rotation extends KeyName {
  /** How long the former secrets work, ms. */
  readonly overlapMs: number;
}

/** Acts on API keys. A record is in the chain of each tenant of the key. */
export function keyOperations({ apiKeys }: { readonly apiKeys: ApiKeys }) {
  const named = ({ id }: KeyName) => id;

  const find = async ({ id }: KeyName): Promise<Target | undefined> => {
    const key = await apiKeys.get(id);
    return key && targetOf(key);
  };

  return {
    createKey: defineOperation<KeySpec, Target, IssuedKey>({
      action: 'key.created',
      find: () => ({ subject: null, tenants: 'all' }),
      async perform(_found, spec) {
        const issued = await apiKeys.create(spec);
        const { scopes, expiresAt } = issued.key;
        return { status: 'done', result: issued, ...targetOf(issued.key), details: { scopes, expiresAt } };
      },
      /** A key without a record must not work. No person has seen its secret yet. */
      async unrecorded(issued, error) {
        await apiKeys.revoke(issued.key.id);
        throw new OperatorError(`The key was not made: ${messageOf(error)}`, 'unavailable');
      },
    }),
    rotateKey: defineOperation<Rotation, Target, IssuedKey | undefined>({
      action: 'key.rotated',
      named,
      detailsOf: ({ overlapMs }) => ({ overlapMs }),
      find,
      missing: undefined,
      async perform(_found, { id, overlapMs }) {
        const result = await apiKeys.rotate(id, overlapMs);
        return { status: result ? 'done' : 'nothing', result };
      },
    }),
    /** False when there is no such key. */
    revokeKey: defineOperation<KeyName, Target, boolean>({
      action: 'key.revoked',
      named,
      find,
      missing: false,
      async perform(_found, { id }) {
        const result = await apiKeys.revoke(id);
        return { status: result ? 'done' : 'nothing', result };
      },
    }),
  };
}

function targetOf({ id, tenants }: Pick<ApiKey, 'id' | 'tenants'>): Target {
  return { subject: id, tenants };
}
