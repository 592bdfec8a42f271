import { Redis } from 'ioredis';
import { messageOf, OperatorError } from '../core/errors.ts';

export type RedisClient = Redis;

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

/** A client that connects with its first command. */
export function createRedis({ url, role, onError }: RedisOptions): RedisClient {
  const client = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: role === 'worker' ? null : 1,
    connectTimeout: 5000,
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, MAX_RECONNECT_MS) + Math.random() * 200,
  });
  // Without a listener ioredis prints the error, with its stack, on standard error.
  client.on('error', (error: Error) => onError?.(error));
  return client;
}

/**
 * A client that is connected.
 *
 * @throws {OperatorError} in plain words when Redis does not answer or refuses the login.
 */
export async function openRedis(options: RedisOptions): Promise<RedisClient> {
  let lastError: Error | undefined;
  const client = createRedis({
    ...options,
    onError: (error) => {
      lastError = error;
      options.onError?.(error);
    },
  });
  try {
    await client.connect();
    await client.ping();
    return client;
  } catch (error) {
    client.disconnect();
    throw new OperatorError(describeFailure(options.url, lastError ?? error));
  }
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

function describeFailure(url: string, error: unknown): string {
  const reason = messageOf(error);
  const address = describeRedisUrl(url);
  if (/WRONGPASS|NOAUTH|NOPERM|invalid password/i.test(reason)) {
    return `Redis at ${address} refuses the login (${reason}). Check user and password in REDIS_URL.`;
  }
  return `Redis at ${address} does not answer (${reason}). Start it, or set REDIS_URL to where it is.`;
}
