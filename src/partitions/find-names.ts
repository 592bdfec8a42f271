import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { scanKeys } from '../redis/scan.ts';
import type { Leaving } from './belongings.ts';

/** Names of keys with the name of a tenant behind them, and more behind that. */
export type Named = 'lane' | 'guest-session' | 'counts';

/** What flow control and workers use while they send. */
export const FLOWING: readonly Named[] = ['lane', 'guest-session'];

export interface NamedKey {
  readonly what: Named;
  readonly tenantId: string;
  /** Without the prefix of its partition. */
  readonly name: string;
}

/**
 * Finds the keys of tenants that only a look at all keys finds, as they are at some moment after the call.
 * One look at a time goes on in a partition. All who ask meanwhile share the next one: so a raise that
 * moves many tenants does not look at all keys for each of them.
 */
export type FindNames = (leaving: Leaving, wanted: readonly Named[]) => Promise<readonly NamedKey[]>;

interface Ask {
  readonly leaving: Leaving;
  readonly wanted: readonly Named[];
  /** By name: a look may come to a key twice. */
  readonly found: Map<string, NamedKey>;
  readonly answer: PromiseWithResolvers<readonly NamedKey[]>;
}

const NAMED = /^(lane|counts|guest-session):([^:]+):/;

export function createFindNames(client: RedisClient, keys: Keys): FindNames {
  const asked = new Map<number, Ask[]>();
  const looking = new Set<number>();

  async function lookFor(partition: number, asks: readonly Ask[]): Promise<void> {
    const own = keys.ownOf(partition);
    await scanKeys(client, { match: `${own}*` }, async (page) => {
      for (const key of page) {
        const name = key.slice(own.length);
        const [, what, tenantId = ''] = NAMED.exec(name) ?? [];
        for (const { leaving, wanted, found } of asks) {
          if (!leaving.tenantIds.has(tenantId) || !wanted.includes(what as Named)) continue;
          found.set(name, { what: what as Named, tenantId, name });
        }
      }
    });
  }

  async function look(partition: number): Promise<void> {
    if (looking.has(partition)) return;
    looking.add(partition);
    for (let asks = asked.get(partition); asks; asks = asked.get(partition)) {
      asked.delete(partition);
      const failure = await lookFor(partition, asks).then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      for (const { found, answer } of asks) {
        if (failure) answer.reject(failure.error);
        else answer.resolve([...found.values()]);
      }
    }
    looking.delete(partition);
  }

  return function find(leaving, wanted) {
    const answer = Promise.withResolvers<readonly NamedKey[]>();
    const asks = asked.get(leaving.from) ?? [];
    asks.push({ leaving, wanted, found: new Map(), answer });
    asked.set(leaving.from, asks);
    void look(leaving.from);
    return answer.promise;
  };
}
