import { setTimeout as delay } from 'node:timers/promises';
import { OperatorError } from '../core/errors.ts';
import { BoundedClient } from './bounded-client.ts';
import { explainRedisFailure } from './explain.ts';
import { describeRedisFailure, isDemotion } from './failure.ts';

export type RedisClient = BoundedClient;

/** How a client behaves while Redis is away. */
export type RedisRole =
  /** Workers wait for Redis to come back, however long it takes; BullMQ demands it. */
  | 'worker'
  /** Producers and pages tell their caller soon. */
  | 'caller';

export interface RedisOptions {
  readonly url: string;
  readonly role: RedisRole;
  /** Told about each loss of the connection; ioredis reconnects by itself. */
  readonly onError?: (error: Error) => void;
}

/** Longest wait between two tries to reconnect. BullMQ's own default goes up to 20 s, which is an outage of its own. */
const MAX_RECONNECT_MS = 2000;

/**
 * A socket that owes an answer for so long, ms, is dead, whatever TCP says: a firewall may have forgotten the connection.
 * What was under way is sent again on the next one, so each script may be carried out twice and each job is known by its
 * id. For workers it is longer: to be sent again costs them more than to wait.
 */
const SILENCE_MS: Readonly<Record<RedisRole, number>> = { worker: 8000, caller: 2500 };

/** A caller is told after so long, ms; with the reason, and the start of a command, within five seconds. */
const CALLER_DEADLINE_MS = 3000;

/** How long a server may take to close a connection that we have closed, ms. */
const GOODBYE_MS = 300;

/** From one TCP keep-alive to the next, ms: keeps firewalls from forgetting connections that are idle. */
const KEEP_ALIVE_MS = 10_000;

/** A client that connects with its first command. */
export function createRedis({ url, role, onError }: RedisOptions): RedisClient {
  const client = new BoundedClient(
    url,
    {
      lazyConnect: true,
      maxRetriesPerRequest: role === 'worker' ? null : 1,
      ...(role === 'caller' && { commandTimeout: CALLER_DEADLINE_MS }),
      connectTimeout: SILENCE_MS[role],
      socketTimeout: SILENCE_MS[role],
      disconnectTimeout: GOODBYE_MS,
      keepAlive: KEEP_ALIVE_MS,
      retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, MAX_RECONNECT_MS) + Math.random() * 200,
      reconnectOnError,
    },
    describeRedisUrl(url),
  );
  // Without a listener ioredis prints the error, with its stack, on standard error.
  client.on('error', (error: Error) => onError?.(error));
  return client;
}

const RECONNECT = 1;
const RECONNECT_AND_RESEND = 2;

/**
 * A master that became a replica is left: its name may be that of another server by now. A script that was refused has
 * done nothing and is sent again. Other commands are not, since they may be part of a transaction.
 */
function reconnectOnError(error: Error & { command?: { name: string } }): false | 1 | 2 {
  if (!isDemotion(error)) return false;
  const isRefusedScript = error.command?.name === 'evalsha' && /READONLY/.test(error.message);
  return isRefusedScript ? RECONNECT_AND_RESEND : RECONNECT;
}

/**
 * A client that is connected.
 *
 * @throws {OperatorError} in plain words when Redis does not answer, refuses the login or cannot be written to.
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

/** A server that loads its data is waited for by workers, and not by callers. */
async function connect(client: RedisClient, { role }: RedisOptions): Promise<void> {
  const connected = client.connect();
  if (role === 'worker') return await connected;
  const timer = new AbortController();
  const late = delay(CALLER_DEADLINE_MS, true, { signal: timer.signal }).catch(() => false);
  const isLate = await Promise.race([connected, late]).finally(() => timer.abort());
  if (isLate) throw new Error('Command timed out');
}

/** Whether a connection that is made for this question alone finds no Redis that can be worked with. */
export async function isRedisAway(url: string): Promise<boolean> {
  const client = await openRedis({ url, role: 'caller' }).catch(() => undefined);
  client?.disconnect();
  return client === undefined;
}

/** The address without its password, for messages. */
export function describeRedisUrl(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed) return 'the address in REDIS_URL';
  return `${parsed.protocol}//${parsed.host}${parsed.pathname === '/' ? '' : parsed.pathname}`;
}

/** Removes every key of an installation. For what was only tried: the demo, the tests. */
export async function removeKeys(client: RedisClient, prefix: string): Promise<void> {
  for await (const keys of client.scanStream({ match: `${prefix}:*`, count: 1000 })) {
    if (keys.length > 0) await client.unlink(...keys);
  }
}

function describeUnknown(address: string, error: unknown): string {
  return describeRedisFailure(address, new Error(`Connection is closed: ${error}`)) ?? address;
}
