import type { Logger } from '../observe/logger.ts';
import { createLogThrottle } from '../observe/throttle.ts';
import type { BoundedClient } from './bounded-client.ts';
import { describeRedisFailure, isConnectionError, isDemotion } from './failure.ts';

/** What a process says about its Redis: few lines, each of which means something. */
export interface ConnectionLog {
  /** An error of a queue, or of one of its connections. The same error may come by way of many queues. */
  complain(error: Error, about?: object): void;
}

/** From one line to the next that says nearly the same, ms, over all queues. */
const NEAR_EQUAL_EVERY_MS = 30_000;

/** Errors of other connections may come late: they are about the server before, ms. */
const JUST_CONNECTED_MS = 2000;

/** Tells once that the connection is lost, with the reason, and once that it is back, with how long it was away. */
export function logConnection(client: BoundedClient, logger: Logger): ConnectionLog {
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

  /** One connection has found that the server is no master any more; the main one need not find out by itself. */
  const leave = (error: Error) => {
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
