import { setTimeout as delay } from 'node:timers/promises';
import { describeRedisUrl, parseRedisUrl, type RedisUrl } from '../config/redis-url.ts';
import { messageOf, OperatorError } from '../core/errors.ts';
import { BoundedClient, type ClientOptions } from './bounded-client.ts';
import { ClusterClient } from './cluster-client.ts';
import { explainRedisFailure } from './explain.ts';
import { describeRedisFailure, isDemotion, isNoCluster } from './failure.ts';
import { type RedisTarget, readTlsFiles } from './target.ts';

/** A client of one server, of a master that sentinels name, or of a cluster: what all can do. */
export type RedisClient = Pick<BoundedClient, keyof BoundedClient & keyof ClusterClient>;

/** Decides what a client does while Redis is away. */
export type RedisRole =
  /** Workers wait for Redis without limit; BullMQ demands it. */
  | 'worker'
  /** Producers and pages report an error to their caller soon. */
  | 'caller';

export interface RedisOptions extends RedisTarget {
  readonly role: RedisRole;
  /** Longest wait of a caller for the answer to one command, ms. */
  readonly deadlineMs?: number;
  /** Called when the connection is lost. ioredis reconnects by itself. */
  readonly onError?: (error: Error) => void;
}

/**
 * Longest wait between two tries to reconnect. BullMQ's default of up to 20 s would prolong an
 * outage.
 */
const MAX_RECONNECT_MS = 2000;

/**
 * A socket that owes an answer for this time, ms, is dead, although TCP says nothing: a firewall
 * may have dropped the connection. ioredis sends the commands under way again. So each script must
 * allow a second run, and each job has an id. Workers wait longer, because sending again costs them
 * more.
 */
export const SILENCE_MS: Readonly<Record<RedisRole, number>> = { worker: 8000, caller: 2500 };

/**
 * A caller gets an error after this time, ms; with the reason, and the start of a command, within
 * five seconds.
 */
const CALLER_DEADLINE_MS = 3000;

/** Longest wait for the server when this process closes a connection, ms. */
const GOODBYE_MS = 300;

/** Interval of TCP keep-alive, ms, so that firewalls keep idle connections. */
const KEEP_ALIVE_MS = 10_000;

/**
 * Creates a client that connects with its first command.
 * @throws {OperatorError} for a wrong address, and for a file of TLS that cannot be used.
 */
export function createRedis(options: RedisOptions): RedisClient {
  const client = clientFor(options);
  // Without a listener ioredis prints each error with its stack.
  client.on('error', (error: Error) => options.onError?.(error));
  return client;
}

function clientFor(target: RedisOptions): RedisClient {
  const { url, role, deadlineMs = CALLER_DEADLINE_MS } = target;
  const { kind, isTls, hosts, username, password, database, masterName } = locationOf(url);
  const address = describeRedisUrl(url);
  const limitMs = role === 'caller' ? deadlineMs : undefined;
  const tls = isTls ? readTlsFiles(target.tls) : undefined;
  const common: ClientOptions = {
    connectTimeout: SILENCE_MS[role],
    socketTimeout: SILENCE_MS[role],
    disconnectTimeout: GOODBYE_MS,
    keepAlive: KEEP_ALIVE_MS,
    reconnectOnError,
    ...(tls && { tls }),
  };
  const login = { ...(username !== undefined && { username }), ...(password !== undefined && { password }) };
  if (kind === 'cluster') {
    const node = { ...common, ...login, maxRetriesPerRequest: null };
    const cluster = new ClusterClient({ hosts, address, node, retryMs: reconnectMs, deadlineMs: limitMs });
    return cluster as unknown as RedisClient;
  }
  const single: ClientOptions = {
    ...common,
    lazyConnect: true,
    maxRetriesPerRequest: role === 'worker' ? null : 1,
    ...(limitMs !== undefined && { commandTimeout: limitMs }),
    retryStrategy: reconnectMs,
  };
  if (kind === 'server') return new BoundedClient(url, single, address);
  const sentinel: ClientOptions = {
    ...single,
    ...login,
    db: database,
    name: masterName as string,
    sentinels: hosts.map((host) => ({ ...host })),
    sentinelUsername: target.sentinel?.username,
    sentinelPassword: target.sentinel?.password,
    sentinelCommandTimeout: SILENCE_MS[role],
    sentinelRetryStrategy: reconnectMs,
    ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: tls }),
  };
  return new BoundedClient(undefined, sentinel, address);
}

function locationOf(url: string): RedisUrl {
  try {
    return parseRedisUrl(url);
  } catch (error) {
    throw new OperatorError(`REDIS_URL: ${messageOf(error)}, got something else (not shown)`, 'settings');
  }
}

function reconnectMs(attempt: number): number {
  return Math.min(50 * 2 ** attempt, MAX_RECONNECT_MS) + Math.random() * 200;
}

const RECONNECT = 1;
const RECONNECT_AND_RESEND = 2;

/**
 * Leaves a master that became a replica: its name may belong to another server now. A refused
 * script has done nothing, so it is sent again. Other commands may be part of a transaction, and
 * are not sent again.
 */
function reconnectOnError(error: Error & { command?: { name: string } }): false | 1 | 2 {
  if (!isDemotion(error)) return false;
  const isRefusedScript = error.command?.name === 'evalsha' && /READONLY/.test(error.message);
  return isRefusedScript ? RECONNECT_AND_RESEND : RECONNECT;
}

/**
 * Opens a connected client.
 *
 * @throws {OperatorError} when Redis does not answer, refuses the login or takes no writes.
 */
export async function openRedis(options: RedisOptions): Promise<RedisClient> {
  const client = createRedis(options);
  try {
    await connect(client, options);
    await client.ping();
    return client;
  } catch (error) {
    const cause = client.trouble ?? error;
    const sentence = explainRedisFailure(client, cause);
    client.disconnect();
    const failure = isNoCluster(cause) ? 'settings' : 'unavailable';
    throw new OperatorError(sentence ?? describeUnknown(client.address, error), failure);
  }
}

/** Workers wait for a server that loads its data; callers do not. */
async function connect(client: RedisClient, { role }: RedisOptions): Promise<void> {
  const connected = client.connect();
  if (role === 'worker') return await connected;
  const timer = new AbortController();
  const late = delay(CALLER_DEADLINE_MS, true, { signal: timer.signal }).catch(() => false);
  const isLate = await Promise.race([connected, late]).finally(() => timer.abort());
  if (isLate) throw new Error('Command timed out');
}

/** Whether a new connection finds no Redis that takes work. */
export async function isRedisAway(target: RedisTarget): Promise<boolean> {
  const client = await openRedis({ ...target, role: 'caller' }).catch(() => undefined);
  client?.disconnect();
  return client === undefined;
}

/** Removes every key of an installation. For the demo and the tests. */
export async function removeKeys(client: RedisClient, prefix: string): Promise<void> {
  await client.ofMasters(async (master) => {
    for await (const keys of master.scanStream({ match: `${prefix}:*`, count: 1000 })) {
      for (const ofSlot of Map.groupBy(keys as string[], slotTagOf).values()) await client.unlink(...ofSlot);
    }
  });
}

/** Keys with the same tag are in one hash slot. */
function slotTagOf(key: string): string {
  return /\{[^}]+\}/.exec(key)?.[0] ?? key;
}

function describeUnknown(address: string, error: unknown): string {
  return describeRedisFailure(address, new Error(`Connection is closed: ${error}`)) ?? address;
}
