import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/settings.ts';
import type { RedisClient } from '../redis/connect.ts';
import { startWarnings } from '../runtime/start-check.ts';

const PING_TIMEOUT_MS = 1000;

/** `/healthz`: the process answers. `/readyz`: it can do its work, which needs Redis; and what wants to be mended. */
export function registerHealth(
  app: FastifyInstance,
  redis: RedisClient,
  config: Pick<Config, 'auditDatabaseUrl'>,
): void {
  app.get('/healthz', async () => ({ status: 'ok' }));

  app.get('/readyz', async (_request, reply) => {
    const reachable = await isReachable(redis);
    reply.code(reachable ? 200 : 503);
    const warnings = await startWarnings({ config, redis });
    return {
      status: reachable ? 'ok' : 'unavailable',
      checks: { redis: reachable ? 'ok' : 'no answer' },
      ...(warnings.length > 0 && { warnings }),
    };
  });
}

/** A lost connection queues commands rather than failing them: only a deadline tells. */
async function isReachable(redis: RedisClient): Promise<boolean> {
  const ping = redis.ping().then(
    () => true,
    () => false,
  );
  return await Promise.race([ping, delay(PING_TIMEOUT_MS, false)]);
}
