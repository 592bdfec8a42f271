import type { RedisClient } from './connect.ts';

const KEYS_AT_ONCE = 500;

/** Which keys to find. */
export interface KeyScan {
  /** A pattern of SCAN. A backslash takes the meaning from `*`, `?` and `[`. */
  readonly match: string;
  /** Keys of this type only. */
  readonly type?: 'hash';
}

/** Hands the keys on in pages, from each master of a cluster. A key may come twice. */
export async function scanKeys(
  client: RedisClient,
  scan: KeyScan,
  onPage: (keys: string[]) => Promise<void>,
): Promise<void> {
  await client.ofMasters(async (master) => {
    for await (const page of master.scanStream({ ...scan, count: KEYS_AT_ONCE })) await onPage(page);
  });
}
