import { loadConfig } from '../../../src/config/load.ts';
import { type HttpServer, openHttpServer } from '../../../src/http/server.ts';
import { openQueues } from '../../../src/queues/queues.ts';
import { openRedis } from '../../../src/redis/connect.ts';
import { onEnd } from '../../support/lifetime.ts';
import type { System } from '../../support/system.ts';

/** Starts the server of `gwm serve` on a free port, in this process. */
export async function openServer(
  system: System,
  environment: Readonly<Record<string, string>> = {},
): Promise<HttpServer> {
  const config = loadConfig({ ...system.environment, HTTP_PORT: '0', ...environment });
  const redis = await openRedis({ url: config.redisUrl, role: 'caller' });
  const queues = openQueues({ client: redis, keys: system.keys, onError: () => {} });
  onEnd(async () => {
    await queues.close().catch(() => {});
    redis.disconnect();
  });
  const server = await openHttpServer({ config, redis, queues, jobs: system.jobs });
  onEnd(() => server.close());
  return server;
}

/** The header of a login. */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
