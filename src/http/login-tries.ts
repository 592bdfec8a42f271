import { createHash } from 'node:crypto';
import type { RedisClient } from '../redis/connect.ts';
import { isOutOfMemory } from '../redis/failure.ts';
import type { Keys } from '../redis/keys.ts';
import { loadScript } from '../redis/script.ts';

/** Slows wrong logins down, for all processes together. */
export interface LoginTries {
  /**
   * Counts a login before its secret is read.
   * @returns undefined when it may go on, else the seconds to wait.
   */
  take(address: string): Promise<number | undefined>;
  /** A right login: the wrong ones of its address count no more. */
  forget(address: string): Promise<void>;
}

interface Rate {
  /** Logins at once. */
  readonly burst: number;
  /** Time between two further ones. */
  readonly everyMs: number;
}

/** Of one address. */
export const OF_ADDRESS: Rate = { burst: 5, everyMs: 15_000 };
/** Of all addresses together. An address without a wrong login has one login beyond it. */
export const OF_ALL: Rate = { burst: 100, everyMs: 500 };

/** Addresses share this number of places, so that Redis holds no more however many there are. */
const PLACES = 4096;
const MICROSECONDS = 1_000_000;

export function createLoginTries({ client, keys }: { client: RedisClient; keys: Keys }): LoginTries {
  const script = loadScript(client, new URL('./quota.lua', import.meta.url), []);

  const count = async (place: string, { burst, everyMs }: Rate) => {
    const key = keys.loginTries(place);
    const reply = await script.run(key, [key, everyMs * 1000, burst, 1]);
    const [within, left, , untilNext] = reply as [number, number, number, number];
    return { isWithin: within === 1, left, waitSeconds: Math.max(1, Math.ceil(untilNext / MICROSECONDS)) };
  };

  return {
    async take(address) {
      try {
        const [own, all] = await Promise.all([count(placeOf(address), OF_ADDRESS), count('all', OF_ALL)]);
        if (!own.isWithin) return own.waitSeconds;
        const isFirst = own.left === OF_ADDRESS.burst - 1;
        return all.isWithin || isFirst ? undefined : all.waitSeconds;
      } catch (error) {
        // Without room for the count there is no room for a login either.
        if (isOutOfMemory(error)) return undefined;
        throw error;
      }
    },
    async forget(address) {
      await client.del(keys.loginTries(placeOf(address)));
    },
  };
}

function placeOf(address: string): string {
  return String(createHash('sha256').update(address).digest().readUInt32BE() % PLACES);
}
