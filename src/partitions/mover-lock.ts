import { setTimeout as delay } from 'node:timers/promises';
import { OperatorError } from '../core/errors.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { loadScript } from '../redis/script.ts';

/** One process at a time moves tenants. Another one may go on when it has died. */
export interface MoverLock {
  /** @throws {OperatorError} when another process has taken the lock, because this one was away for long. */
  check(): void;
  release(): Promise<void>;
}

/** A process that has died holds the lock for this time, ms. */
const LIFE_MS = 8000;
const RENEW_EVERY_MS = LIFE_MS / 4;

/** Waits for a process that may have died. @throws {OperatorError} while another process moves tenants. */
export async function lockMoves(client: RedisClient, keys: Keys, name: string): Promise<MoverLock> {
  const script = loadScript(client, new URL('./mover-lock.lua', import.meta.url), []);
  const key = keys.mover();
  const ask = async (lifeMs: number) => String(await script.run(key, [key, name, lifeMs]));
  const untilMs = performance.now() + LIFE_MS + RENEW_EVERY_MS;
  for (;;) {
    const holder = await ask(LIFE_MS);
    if (holder === name) break;
    if (performance.now() > untilMs) throw new OperatorError(inUse(holder), 'refused');
    await delay(RENEW_EVERY_MS / 4);
  }
  let heldUntilMs = performance.now() + LIFE_MS;
  const timer = setInterval(async () => {
    const sentAtMs = performance.now();
    const holder = await ask(LIFE_MS).catch(() => undefined);
    if (holder === name) heldUntilMs = sentAtMs + LIFE_MS;
    else if (holder !== undefined) heldUntilMs = 0;
  }, RENEW_EVERY_MS);
  return {
    check() {
      if (performance.now() > heldUntilMs) throw new OperatorError(LOST, 'unavailable');
    },
    async release() {
      clearInterval(timer);
      await ask(0).catch(() => {});
    },
  };
}

/** Acts while no other process moves tenants. @throws {OperatorError} while one does. */
export async function withMoverLock<Result>(
  { client, keys, name }: { readonly client: RedisClient; readonly keys: Keys; readonly name: string },
  act: (lock: MoverLock) => Promise<Result>,
): Promise<Result> {
  const lock = await lockMoves(client, keys, name);
  try {
    return await act(lock);
  } finally {
    await lock.release();
  }
}

function inUse(holder: string): string {
  return `Another process moves tenants or seals values again now (${holder}). Wait for its end; gwm partitions shows how far moves are.`;
}

const LOST = 'Redis did not answer for too long, so another process may move tenants. Run the command again.';
