import { fileURLToPath } from 'node:url';
import { startChild } from './child.ts';
import type { Door } from './doors.ts';
import type { Lab } from './lab.ts';
import { processorTimeUs, redisUse } from './processor-time.ts';

/** What load-process.ts sends to a door: that many single messages, or lines of one batch. */
export interface LoadOrder {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly as: 'posts' | 'lines';
  readonly count: number;
  readonly tenantIds: readonly string[];
}

/** What load-process.ts reports. */
export interface LoadReport {
  readonly elapsedMs: number;
  readonly accepted: number;
}

/** The speed of a door, and the cost of one job in µs of processor time. */
export interface Passing {
  readonly perSecond: number;
  readonly doorUs: number;
  readonly redisUs: number;
  readonly commands: number;
  readonly senderUs: number;
}

/** A process that sends jobs to doors. */
export interface Load {
  /** @throws when the door does not accept every job. */
  send(door: Door, order: Pick<LoadOrder, 'as' | 'count' | 'tenantIds'>): Promise<Passing>;
}

export async function startLoad(lab: Lab): Promise<Load> {
  const child = lab.keep(await startChild(fileURLToPath(new URL('load-process.ts', import.meta.url))));
  const use = async (door: Door) => ({
    ...(await redisUse(lab.client)),
    doorUs: processorTimeUs(door.pid),
    senderUs: processorTimeUs(child.pid),
  });
  return {
    async send(door, { as, count, tenantIds }) {
      const before = await use(door);
      const reported = child.next<LoadReport & { failure?: string }>('elapsedMs');
      const { url, headers } = door;
      child.send({ url, headers, as, count, tenantIds } satisfies LoadOrder);
      const { elapsedMs, accepted, failure } = await reported;
      if (accepted !== count) {
        throw new Error(
          `the server accepted ${accepted} of ${count} jobs: ${failure ?? 'it refused others'}`,
        );
      }
      const after = await use(door);
      return {
        perSecond: (count * 1000) / elapsedMs,
        doorUs: (after.doorUs - before.doorUs) / count,
        redisUs: (after.timeUs - before.timeUs) / count,
        commands: (after.commands - before.commands) / count,
        senderUs: (after.senderUs - before.senderUs) / count,
      };
    },
  };
}
