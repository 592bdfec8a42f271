import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/settings.ts';
import type { RedisClient } from '../redis/connect.ts';
import { startWarnings } from '../runtime/start-check.ts';
import { isReachable } from './failures.ts';

/**
 * `/healthz`: the process answers. `/readyz`: Redis answers too, so the process can work. It also
 * lists warnings.
 */
export function registerHealth(
  app: FastifyInstance,
  redis: RedisClient,
  config: Pick<Config, 'auditDatabaseUrl' | 'tenantsFile'>,
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
