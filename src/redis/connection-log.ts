import type { Logger } from '../observe/logger.ts';
import { createLogThrottle } from '../observe/throttle.ts';
import type { RedisClient } from './connect.ts';
import { describeRedisFailure, isConnectionError, isDemotion } from './failure.ts';

/** Logs the state of the Redis connection in few lines. */
export interface ConnectionLog {
  /**
   * Takes an error of a queue, or of one of its connections. Many queues may report the same error.
   */
  complain(error: Error, about?: object): void;
}

/** Time between two log lines of one kind, ms, over all queues. */
export const NEAR_EQUAL_EVERY_MS = 30_000;

/** Late errors of other connections are about the server before, ms. */
const JUST_CONNECTED_MS = 2000;

/**
 * Logs the loss of the connection once, with the reason, and the return once, with the time away.
 */
export function logConnection(client: RedisClient, logger: Logger): ConnectionLog {
  const throttle = createLogThrottle({ logger, everyMs: NEAR_EQUAL_EVERY_MS });
  const seen = new WeakSet<Error>();
  let lostAtMs: number | undefined;
  let isConnected = client.status === 'ready';
  let connectedAtMs = performance.now();

  client.on('close', () => {
    if (!isConnected) return;
    isConnected = false;
    if (client.isLeft) return;
    lostAtMs = performance.now();
    const cause = client.trouble ?? new Error('Connection is closed.');
    logger.warn({ reason: describeRedisFailure(client.address, cause) }, 'redis connection lost');
  });
  client.on('ready', () => {
    isConnected = true;
    connectedAtMs = performance.now();
    if (lostAtMs === undefined) return;
    logger.info({ awayMs: Math.round(performance.now() - lostAtMs) }, 'redis connected again');
    lostAtMs = undefined;
  });

  client.on('node error', (error: Error, node: string) => {
    if (!isConnected || client.isLeft) return;
    throttle.warn({ reason: describeRedisFailure(node, error) ?? error.message }, 'a redis node is away');
  });

  /**
   * Another connection found that the server is no longer the master, so the main one leaves it
   * too.
   */
  const leave = (error: Error) => {
    // The client of a cluster has found the new master by itself.
    if (client.isCluster) return;
    if (!isConnected || performance.now() - connectedAtMs < JUST_CONNECTED_MS) return;
    client.trouble = error;
    client.disconnect(true);
  };

  return {
    complain(error, about) {
      if (seen.has(error)) return;
      seen.add(error);
      const reason = error.message;
      if (isDemotion(error)) leave(error);
      if (isDemotion(error) || (!isConnected && isConnectionError(error))) {
        logger.debug({ ...about, reason }, 'redis is away');
        return;
      }
      throttle.warn({ ...about, reason }, 'queue error');
    },
  };
}
