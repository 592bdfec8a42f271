import type { RedisClient } from './connect.ts';
import { isConnectionError } from './failure.ts';

/** The memory of a Redis server, bytes. */
export interface Memory {
  readonly used: number;
  /** 0: no limit. */
  readonly max: number;
}

/** The memory of each master. */
export async function readMemories(client: Pick<RedisClient, 'ofMasters'>): Promise<readonly Memory[]> {
  return await client.ofMasters(readMemoryOf);
}

/** The memory of the master that has the least of its limit left, or that uses most. */
export async function readMemory(client: Pick<RedisClient, 'ofMasters'>): Promise<Memory> {
  const fill = ({ used, max }: Memory) => (max > 0 ? used / max : used / Number.MAX_SAFE_INTEGER);
  const memories = await readMemories(client);
  return [...memories].sort((a, b) => fill(b) - fill(a))[0] ?? { used: 0, max: 0 };
}

/**
 * The memory of one server. A Redis that does not say, for example because the user may not read INFO,
 * has no limit.
 */
export async function readMemoryOf(master: Pick<RedisClient, 'info'>): Promise<Memory> {
  const text = await master.info('memory').catch((error: unknown) => {
    if (isConnectionError(error)) throw error;
    return '';
  });
  const field = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  return { used: field('used_memory'), max: field('maxmemory') };
}
