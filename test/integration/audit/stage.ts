import { createIntake } from '../../../src/audit/intake.ts';
import { createAuditOutbox } from '../../../src/audit/outbox.ts';
import { type RelayOptions, startRelay } from '../../../src/audit/relay.ts';
import type { AuditStore } from '../../../src/audit/store.ts';
import { createLogger, type Logger } from '../../../src/observe/logger.ts';
import { createRedis, type RedisClient } from '../../../src/redis/connect.ts';
import { createKeys } from '../../../src/redis/keys.ts';
import { onEnd } from '../../support/lifetime.ts';
import { type TestRedis, testRedis } from '../../support/redis.ts';

/** The log lines and counts of a process that stores audit records. */
export interface Heard {
  readonly logger: Logger;
  /** Log lines, parsed. */
  readonly lines: Record<string, unknown>[];
  readonly backlogs: { readonly entries: number; readonly oldestAgeSeconds: number }[];
  givenUp: number;
  dropped: number;
}

/** An outbox in Redis, and relays that start at once. */
export function setOutbox({
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
    outbox: createAuditOutbox({ client, keys }),
    stream: keys.auditStream(0),
    waiting: async () => await client.xlen(keys.auditStream(0)),
    relay({ store, ...options }: { store?: Pick<AuditStore, 'append'> } & Partial<RelayOptions>) {
      const heard = listen();
      const relay = startRelay({
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
      onEnd(() => relay.stop());
      return { ...relay, heard };
    },
  };
}

function openClient({ url }: TestRedis): RedisClient {
  const client = createRedis({ url, role: 'worker' });
  onEnd(() => client.disconnect());
  return client;
}

const nothing: RelayOptions['intake'] = {
  take: () => Promise.reject(new Error('a relay of a test needs a store, or an intake')),
};

/** A logger that keeps its lines. */
export function listen(): Heard {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger('info', { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { logger, lines, backlogs: [], givenUp: 0, dropped: 0 };
}
