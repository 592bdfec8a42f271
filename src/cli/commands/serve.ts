import { Command } from 'commander';
import { readEnvironment } from '../../config/environment.ts';
import { loadConfig } from '../../config/load.ts';
import { createLogger } from '../../observe/logger.ts';
import { openCore } from '../../queues/core.ts';
import { openRedis } from '../../redis/connect.ts';
import { logConnection } from '../../redis/connection-log.ts';
import { asOperatorError } from '../../redis/explain.ts';
import { claimInstallation } from '../../redis/installation.ts';
import { announceReady, untilStopped } from '../../runtime/process.ts';
import { reportStart } from '../../runtime/start-check.ts';
import { loadTenants } from '../../tenants/registry.ts';
import { reaching } from '../reach.ts';

export function serveCommand(): Command {
  return new Command('serve')
    .description('serve the Bull Board at /board, single jobs at /v1/jobs, and /healthz and /readyz')
    .option('--json', 'the same: its log is JSON, one object per line')
    .action(serve);
}

/** Callers of the API learn of a silent Redis within two seconds. */
const DEADLINE_MS = 1500;

async function serve(): Promise<void> {
  // An operator may send SIGHUP to all processes. It is for the workers, and would end this one.
  process.on('SIGHUP', () => {});
  const { openHttpServer } = await import('../../http/server.ts');
  const environment = readEnvironment();
  const config = loadConfig(environment);
  const logger = createLogger(config.logLevel);
  const tenants = loadTenants({ file: config.tenantsFile, environment, requireSecrets: false });
  const redis = await reaching(openRedis({ url: config.redisUrl, role: 'caller', deadlineMs: DEADLINE_MS }));
  const onError = logConnection(redis, logger).complain;
  const core = openCore({ client: redis, config, onError });
  const { keys, queues } = core;
  try {
    await claimInstallation(redis, keys);
    await queues.ready();
    const server = await openHttpServer({
      config,
      core,
      tenants,
      apiKeys: { verify: async () => undefined, hasAny: async () => false },
      acts: { note: async () => {} },
      onError: (error) => logger.error({ err: error }, 'a request failed'),
    });
    await reportStart({ config, redis, logger });
    logger.info({ url: server.url }, `listening on ${server.url}, board at ${server.url}/board`);
    announceReady(server.url);
    await untilStopped();
    await server.close();
  } catch (error) {
    throw asOperatorError(redis, error);
  } finally {
    queues.close().catch(() => {});
    redis.disconnect();
  }
}
