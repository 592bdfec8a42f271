import { setTimeout as delay } from 'node:timers/promises';
import { OperatorError } from '../core/errors.ts';
import { BoundedClient } from './bounded-client.ts';
import { explainRedisFailure } from './explain.ts';
import { describeRedisFailure, isDemotion } from './failure.ts';

export type RedisClient = BoundedClient;

/** Decides what a client does while Redis is away. */
export type RedisRole =
  /** Workers wait for Redis without limit; BullMQ demands it. */
  | 'worker'
  /** Producers and pages report an error to their caller soon. */
  | 'caller';

export interface RedisOptions {
  readonly url: string;
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

/** Creates a client that connects with its first command. */
export function createRedis({
  url,
  role,
  onError,
  deadlineMs = CALLER_DEADLINE_MS,
}: RedisOptions): RedisClient {
  const client = new BoundedClient(
    url,
    {
      lazyConnect: true,
      maxRetriesPerRequest: role === 'worker' ? null : 1,
      ...(role === 'caller' && { commandTimeout: deadlineMs }),
      connectTimeout: SILENCE_MS[role],
      socketTimeout: SILENCE_MS[role],
      disconnectTimeout: GOODBYE_MS,
      keepAlive: KEEP_ALIVE_MS,
      retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, MAX_RECONNECT_MS) + Math.random() * 200,
      reconnectOnError,
    },
    describeRedisUrl(url),
  );
  // Without a listener ioredis prints each error with its stack.
  client.on('error', (error: Error) => onError?.(error));
  return client;
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
    const sentence = explainRedisFailure(client, client.trouble ?? error);
    client.disconnect();
    throw new OperatorError(sentence ?? describeUnknown(client.address, error), 'unavailable');
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
export async function isRedisAway(url: string): Promise<boolean> {
  const client = await openRedis({ url, role: 'caller' }).catch(() => undefined);
  client?.disconnect();
  return client === undefined;
}

/** The address without user and password, for messages. */
export function describeRedisUrl(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed) return 'the address in REDIS_URL';
  return `${parsed.protocol}//${parsed.host}${parsed.pathname === '/' ? '' : parsed.pathname}`;
}

/** Removes every key of an installation. For the demo and the tests. */
export async function removeKeys(client: RedisClient, prefix: string): Promise<void> {
  for await (const keys of client.scanStream({ match: `${prefix}:*`, count: 1000 })) {
    if (keys.length > 0) await client.unlink(...keys);
  }
}

function describeUnknown(address: string, error: unknown): string {
  return describeRedisFailure(address, new Error(`Connection is closed: ${error}`)) ?? address;
}
