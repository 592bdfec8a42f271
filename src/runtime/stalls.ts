import { setTimeout as delay } from 'node:timers/promises';
import type { JobKind } from '../jobs/catalog.ts';
import type { Logger } from '../observe/logger.ts';
import type { RedisClient } from '../redis/connect.ts';
import { JOB_FIELDS, type Keys } from '../redis/keys.ts';
import { loadScript } from '../redis/script.ts';
import type { Stall } from './handover.ts';
import type { Heartbeat } from './heartbeat.ts';

/** Jobs whose locks have run out: their worker died, or could not renew the locks in time. */
export interface Stalls {
  /** Notes which workers had the jobs. */
  note(): Promise<Stall[]>;
  /** Logs whether their workers died, once that is known. */
  report(stalls: readonly Stall[]): void;
  /** How many of these workers have died. */
  crashes(holders: readonly string[]): Promise<number>;
}

export interface StallsOptions {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly kind: JobKind;
  readonly partition: number;
  readonly heartbeat: Heartbeat;
  readonly logger: Logger;
}

export function createStalls({ client, keys, kind, partition, heartbeat, logger }: StallsOptions): Stalls {
  const script = loadScript(client, new URL('./note-stalls.lua', import.meta.url), []);
  const prefix = `${keys.queuePrefix(partition)}:${kind}:`;

  async function report({ jobId, holder }: Stall): Promise<void> {
    // Directly after an outage it is not known of any worker whether it died.
    await delay(2 * heartbeat.lifeMs, undefined, { ref: false });
    if ((await heartbeat.countDead(partition, [holder])) > 0) {
      logger.warn(
        { kind, jobId, worker: holder },
        'a worker died while it ran this job; another worker runs it again',
      );
    } else {
      logger.info({ kind, jobId, worker: holder }, 'the lock of a job ran out; its worker is alive');
    }
  }

  return {
    async note() {
      const reply = (await script.run(prefix, [prefix, JOB_FIELDS.heldBy])) as string[];
      const stalls: Stall[] = [];
      for (let at = 0; at + 1 < reply.length; at += 2) {
        stalls.push({ jobId: reply[at] ?? '', holder: reply[at + 1] ?? '' });
      }
      return stalls;
    },
    report(stalls) {
      for (const stall of stalls) report(stall).catch(() => {});
    },
    crashes: (holders) => heartbeat.countDead(partition, holders),
  };
}
