import { type DrainOptions, startDrain } from '../../../src/audit/drain.ts';
import { createIntake } from '../../../src/audit/intake.ts';
import type { AuditStore } from '../../../src/audit/store.ts';
import { createAuditTrail } from '../../../src/audit/trail.ts';
import { createLogger, type Logger } from '../../../src/observe/logger.ts';
import { createRedis, type RedisClient } from '../../../src/redis/connect.ts';
import { createKeys } from '../../../src/redis/keys.ts';
import { onEnd } from '../../support/lifetime.ts';
import { type TestRedis, testRedis } from '../../support/redis.ts';

/** What a process that stores audit records says and counts. */
export interface Heard {
  readonly logger: Logger;
  /** Log lines, parsed. */
  readonly lines: Record<string, unknown>[];
  readonly backlogs: { readonly entries: number; readonly oldestAgeSeconds: number }[];
  givenUp: number;
  dropped: number;
}

/** Redis with the trail, and drains that begin as soon as they are started. */
export function setTrail({
  redis = testRedis(),
  partitions = 1,
}: {
  redis?: TestRedis;
  partitions?: number;
} = {}) {
  const client = openClient(redis);
  const keys = createKeys(redis.prefix, partitions);
  return {
    redis,
    client,
    keys,
    trail: createAuditTrail({ client, keys }),
    stream: keys.auditStream(0),
    waiting: async () => await client.xlen(keys.auditStream(0)),
    drain({ store, ...options }: { store?: Pick<AuditStore, 'append'> } & Partial<DrainOptions>) {
      const heard = listen();
      const drain = startDrain({
        client: openClient(redis),
        keys,
        intake: store ? createIntake(store) : nothing,
        logger: heard.logger,
        maxAgeMs: 60_000,
        onBacklog: (backlog) => heard.backlogs.push(backlog),
        onGivenUp: (count) => {
          heard.givenUp += count;
        },
        onDropped: (count) => {
          heard.dropped += count;
        },
        ...options,
        times: { pollMs: 10, gatherMs: 10, lookMs: 20, backoff: { baseMs: 10, maxMs: 50 }, ...options.times },
      });
      onEnd(() => drain.stop());
      return { ...drain, heard };
    },
  };
}

function openClient({ url }: TestRedis): RedisClient {
  const client = createRedis({ url, role: 'worker' });
  onEnd(() => client.disconnect());
  return client;
}

const nothing: DrainOptions['intake'] = {
  take: () => Promise.reject(new Error('a drain of a test needs a store, or an intake')),
};

/** A logger whose lines are kept. */
export function listen(): Heard {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger('info', { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { logger, lines, backlogs: [], givenUp: 0, dropped: 0 };
}
