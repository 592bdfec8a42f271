import { Command } from 'commander';
import { createApiKeys } from '../../access/api-keys.ts';
import { createActs } from '../../audit/act-record.ts';
import { createAuditOutbox } from '../../audit/outbox.ts';
import { readEnvironment } from '../../config/environment.ts';
import { loadConfig } from '../../config/load.ts';
import { redisDeadlineMs } from '../../http/redis-deadline.ts';
import { createLogger } from '../../observe/logger.ts';
import { openTracing } from '../../observe/open-tracing.ts';
import { createServerOperations } from '../../operate/operations.ts';
import { reloadOnSignal } from '../../operate/reload-on-signal.ts';
import { openCore } from '../../queues/core.ts';
import { openRedis } from '../../redis/connect.ts';
import { logConnection } from '../../redis/connection-log.ts';
import { asOperatorError } from '../../redis/explain.ts';
import { claimInstallation, partitionsAdvice } from '../../redis/installation.ts';
import { openRedisClock } from '../../redis/redis-clock.ts';
import { redisTarget } from '../../redis/target.ts';
import { processName } from '../../runtime/heartbeat.ts';
import { announceReady, untilStopped } from '../../runtime/process.ts';
import { openReloads } from '../../runtime/reloads.ts';
import { reportStart } from '../../runtime/start-check.ts';
import { openSeal } from '../../seal/open-seal.ts';
import { loadTenants } from '../../tenants/registry.ts';
import { remark } from '../output.ts';
import { reaching } from '../reach.ts';

export function serveCommand(): Command {
  return new Command('serve')
    .description('serve the HTTP API at /v1 and /docs, the Bull Board at /board, and /healthz and /readyz')
    .option('--json', 'no effect: the log is always JSON, one object per line')
    .action(serve);
}

async function serve(): Promise<void> {
  // An operator may send SIGHUP before this process is ready for it. It would end the process.
  process.on('SIGHUP', () => {});
  const { openHttpServer } = await import('../../http/server.ts');
  const { servingKeys } = await import('../../http/serving-keys.ts');
  const { openMetrics, showMetrics } = await import('../../survey/open-metrics.ts');
  const environment = readEnvironment();
  const config = loadConfig(environment);
  const logger = createLogger(config.logLevel);
  const tenants = loadTenants({ file: config.tenantsFile, environment, requireSecrets: false });
  const seal = openSeal(config, environment);
  const deadlineMs = redisDeadlineMs(config);
  const redis = await reaching(openRedis({ ...redisTarget(config), role: 'caller', deadlineMs }));
  const onError = logConnection(redis, logger).complain;
  const core = openCore({ client: redis, config, seal, onError });
  const { keys, queues } = core;
  const name = processName();
  const tracing = await openTracing({ config, command: 'serve', name, logger });
  try {
    await claimInstallation(redis, keys);
    const advice = partitionsAdvice(config.partitions, keys);
    if (advice !== undefined) logger.warn(advice);
    const follower = core.follow();
    await queues.ready();
    const clock = await openRedisClock(redis);
    const allKeys = createApiKeys({ client: redis, keys, clock });
    const apiKeys = await servingKeys(allKeys, config.httpHost);
    const acts = createActs({ outbox: createAuditOutbox({ client: redis, keys }), clock });
    const reloads = await openReloads({
      ...core,
      tenants,
      clock,
      logger,
      environment: readEnvironment,
      name,
      command: 'serve',
    });
    reloadOnSignal({ reloads, tenants, acts, logger });
    const operations = createServerOperations({ core, config, tenants, apiKeys: allKeys, acts, reloads });
    const server = await openHttpServer({
      config,
      core,
      tenants,
      apiKeys,
      operations,
      tracing,
      onError: (error) => logger.error({ err: error }, 'a request failed'),
      onNothing: (act) => logger.info({ ...act }, 'an act found nothing'),
    });
    const metricsServer = await openMetrics(config);
    showMetrics(metricsServer, { ...core, tenants });
    await reportStart({ config, redis, logger });
    const stopping = untilStopped();
    const metrics = metricsServer && { metrics: metricsServer.url };
    logger.info({ url: server.url, ...metrics }, `listening on ${server.url}, board at ${server.url}/board`);
    if (apiKeys.developmentSecret !== undefined)
      announceDevelopmentKey(server.url, apiKeys.developmentSecret);
    announceReady(server.url);
    await stopping;
    await server.close();
    await tracing.close();
    await metricsServer?.close();
    follower.stop();
    await reloads.stop();
  } catch (error) {
    throw asOperatorError(redis, error);
  } finally {
    queues.close().catch(() => {});
    redis.disconnect();
  }
}

/**
 * On standard error and not in the log: a log is kept, and others read it. The key works for this
 * process alone, until an operator makes one.
 */
function announceDevelopmentKey(url: string, secret: string): void {
  remark('There is no API key yet, so this process takes a development key:');
  remark(`  curl ${url}/v1/tenants -H 'Authorization: Bearer ${secret}'`);
  remark('gwm keys create makes a key that lasts. Then the development key works no more.');
}
