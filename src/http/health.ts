import type { FastifyInstance } from 'fastify';
import type { RedisClient } from '../redis/connect.ts';
import { isReachable } from './failures.ts';

/** `/healthz`: the process answers. `/readyz`: it can do its work, which needs Redis. */
export function registerHealth(app: FastifyInstance, redis: RedisClient): void {
  app.get('/healthz', async () => ({ status: 'ok' }));

  app.get('/readyz', async (_request, reply) => {
    const reachable = await isReachable(redis);
    reply.code(reachable ? 200 : 503);
    return { status: reachable ? 'ok' : 'unavailable', checks: { redis: reachable ? 'ok' : 'no answer' } };
  });
}
