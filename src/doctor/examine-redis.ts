import { createAuditStream } from '../audit/stream.ts';
import { parseRedisUrl } from '../config/redis-url.ts';
import type { Config } from '../config/settings.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { readMemoryOf } from '../redis/memory.ts';
import { openRedisClock } from '../redis/redis-clock.ts';
import { readClockSkews, TOLERANCE_MS } from '../runtime/clock-watch.ts';
import { type Finding, failed, ok, warning } from './finding.ts';
import { type ExaminedServer, examineServer } from './redis-server.ts';

/** Audit records that have waited so long point to a store that is away or too slow, ms. */
const BACKLOG_MS = 15 * 60_000;

/** The connection, and each server that holds keys: one, or every master of a cluster. */
export async function examineServers(
  client: RedisClient,
  { redisUrl }: Pick<Config, 'redisUrl'>,
): Promise<Finding[]> {
  const { kind } = parseRedisUrl(redisUrl);
  const servers = await client.ofMasters(async (master) => {
    // The first command to a node of a cluster makes the connection, which reads INFO.
    if (master.status === 'wait') await master.ping();
    const memory = await readMemoryOf(master);
    return { place: placeOf(master.options), info: master.server, memory };
  });
  const found = kind === 'cluster' ? `a cluster of ${servers.length} masters` : KINDS[kind];
  const examined = servers.map(({ place, info, memory }): ExaminedServer => {
    const about = kind === 'cluster' ? `redis ${place}` : 'redis';
    return { about, info, memory, needsReplica: kind !== 'server' };
  });
  return [ok('redis', 'connection', `${client.address}, ${found}`), ...examined.flatMap(examineServer)];
}

const KINDS = { server: 'one server', sentinel: 'the master that the sentinels name' } as const;

function placeOf({ host, port }: { host?: string | undefined; port?: number | undefined }): string {
  return `${host}:${port}`;
}

/** The clock of this machine, and those of workers that report that theirs is off. */
export async function examineClocks(client: RedisClient, keys: Keys): Promise<Finding[]> {
  const clock = await openRedisClock(client);
  const skewMs = Math.round(clock.skewMs());
  const others = await readClockSkews(client, keys, clock);
  const todo =
    'Start NTP on that machine. gwm uses the time of Redis, and log lines have the time of the machine.';
  const own =
    Math.abs(skewMs) > TOLERANCE_MS
      ? warning('clock', 'this machine', `${differenceOf(skewMs)} that of Redis`, todo)
      : ok('clock', 'this machine', `within ${TOLERANCE_MS} ms of that of Redis`);
  return [
    own,
    ...others.map((other) =>
      warning('clock', `worker ${other.process}`, `${differenceOf(other.skewMs)} that of Redis`, todo),
    ),
  ];
}

function differenceOf(skewMs: number): string {
  return `${Math.abs(skewMs)} ms ${skewMs > 0 ? 'ahead of' : 'behind'}`;
}

/** The audit records that wait in Redis for the store. */
export async function examineBacklog(client: RedisClient, keys: Keys): Promise<Finding[]> {
  const backlogs = await Promise.all(
    keys
      .partitions()
      .map((partition) => createAuditStream(client, keys.auditStream(partition), '').backlog()),
  );
  const entries = backlogs.reduce((sum, backlog) => sum + backlog.entries, 0);
  const oldestMs = Math.max(0, ...backlogs.map(({ oldestAgeMs }) => oldestAgeMs));
  if (oldestMs <= BACKLOG_MS) return [ok('audit store', 'waiting records', `${entries}`)];
  const found = `${entries}, the oldest for ${Math.round(oldestMs / 60_000)} minutes`;
  const todo =
    'Look at the audit store, and whether a worker runs: records that are older than AUDIT_STREAM_MAX_AGE are lost.';
  return [failed('audit store', 'waiting records', found, todo)];
}
