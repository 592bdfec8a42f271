import { setTimeout as delay } from 'node:timers/promises';
import type { JobKind } from '../jobs/catalog.ts';
import type { Logger } from '../observe/logger.ts';
import type { RedisClient } from '../redis/connect.ts';
import { JOB_FIELDS, type Keys } from '../redis/keys.ts';
import { loadScript } from '../redis/script.ts';
import type { Stall } from './handover.ts';
import type { Heartbeat } from './heartbeat.ts';

/** Jobs whose locks have run out: because their worker died, or because it could not renew them in time. */
export interface Stalls {
  /** Notes who had them. */
  note(): Promise<Stall[]>;
  /** Logs what became of their workers, once that is known. */
  tell(stalls: readonly Stall[]): void;
  /** How many of the workers that had a job died with it. */
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

  async function tell({ jobId, holder }: Stall): Promise<void> {
    // After an outage of Redis no worker has said yet that it lives.
    await delay(heartbeat.lifeMs, undefined, { ref: false });
    if ((await heartbeat.countDead(partition, [holder])) > 0) {
      logger.warn(
        { kind, jobId, worker: holder },
        'a worker died with this job in its hands; it is run again',
      );
    } else {
      logger.info({ kind, jobId, worker: holder }, 'the lock of a job ran out; its worker lives');
    }
  }

  return {
    async note() {
      const reply = (await script.run([prefix, JOB_FIELDS.heldBy])) as string[];
      const stalls: Stall[] = [];
      for (let at = 0; at + 1 < reply.length; at += 2) {
        stalls.push({ jobId: reply[at] ?? '', holder: reply[at + 1] ?? '' });
      }
      return stalls;
    },
    tell(stalls) {
      for (const stall of stalls) tell(stall).catch(() => {});
    },
    crashes: (holders) => heartbeat.countDead(partition, holders),
  };
}
