import { setTimeout as delay } from 'node:timers/promises';
import { readEnvironment } from '../src/config/environment.ts';
import { loadConfig } from '../src/config/load.ts';
import type { Config } from '../src/config/settings.ts';
import { fullJitter, scheduledWait } from '../src/core/backoff.ts';
import { systemClock } from '../src/core/clock.ts';
import { CodedError, messageOf, OperatorError } from '../src/core/errors.ts';
import { type Outcome, reject } from '../src/core/outcome.ts';
import { attemptMs } from '../src/flow/flow.ts';
import { isJobKind, JOB_KINDS, type JobKind } from '../src/jobs/catalog.ts';
import type { WebhookDelivery } from '../src/jobs/webhook-delivery.ts';
import { type App, openApp } from '../src/runtime/app.ts';
import { configureBuckets } from '../src/runtime/buckets.ts';
import { type Consumer, consume } from '../src/runtime/consume.ts';
import { createExecute } from '../src/runtime/execute.ts';
import type { RetryPolicy, Run, Task } from '../src/runtime/handler.ts';
import { createLostJobs } from '../src/runtime/lost.ts';
import { announceReady, runEntry, untilStopped } from '../src/runtime/process.ts';
import { startReconciler } from '../src/runtime/reconciler.ts';
import { createReport, type Report } from '../src/runtime/report.ts';
import { stopConsumers } from '../src/runtime/shutdown.ts';
import { startWatchdog } from '../src/runtime/watchdog.ts';
import { type Caller, type DisabledFor, endpointIdOf, endpointSettings } from '../src/webhooks/endpoints.ts';
import { cardDelivery } from './card-delivery.ts';
import { embedGeneration } from './embed-generation.ts';
import { messageTransmission } from './message-transmission.ts';
import { webhookDelivery } from './webhook-delivery.ts';

/**
 * The worker process: runs the queues that are named, all by default, until SIGTERM or SIGINT.
 * SIGHUP reads the tenants file again.
 *
 * @returns the exit code.
 * @throws {OperatorError} when it cannot start.
 */
export async function runWorker(names: readonly string[]): Promise<number> {
  const kinds = parseKinds(names);
  const environment = readEnvironment();
  const app = await openApp(loadConfig(environment), environment);
  const report = reportOf(app);
  const consumers = startConsumers(app, kinds, report);
  await configureBuckets(app);
  const concludeLost = createLostJobs({ ...app, clock: systemClock, report });
  const reconciler = startReconciler({ ...app, concludeLost });
  const watchdog = startWatchdog({ consumers, logger: app.logger, giveUp: () => process.exit(1) });
  process.on('SIGHUP', () => void reloadTenants(app));
  app.logger.info({ queues: kinds, tenants: app.tenants.ids() }, 'worker started');
  announceReady();

  const signal = await untilStopped();
  app.logger.info({ signal }, 'worker stopping: no new jobs, those in hand are finished');
  watchdog.stop();
  reconciler.stop();
  await stopConsumers(consumers, app.config.shutdownTimeoutMs, app.logger);
  // With Redis away there is nobody to say goodbye to.
  await Promise.race([app.close(), delay(2000, undefined, { ref: false })]);
  app.logger.info('worker stopped');
  return 0;
}

function parseKinds(names: readonly string[]): JobKind[] {
  const unknown = names.filter((name) => !isJobKind(name));
  if (unknown.length > 0) {
    throw new OperatorError(`No queue ${unknown.join(', ')}. The queues are: ${JOB_KINDS.join(', ')}.`);
  }
  return names.length === 0 ? [...JOB_KINDS] : names.filter(isJobKind);
}

/** The only place where kinds meet their handlers. */
function tasksOf(app: App): Record<JobKind, Task> {
  const { config, genesys, endpoints, receivers, tenants } = app;
  const backoff = backoffPolicy(config);
  return {
    'message-transmission': {
      prepare: (tenant) => genesys.prepare(tenant),
      handler: messageTransmission(genesys),
      retry: backoff,
    },
    'card-delivery': {
      prepare: (tenant) => genesys.prepare(tenant),
      handler: cardDelivery(genesys),
      retry: backoff,
    },
    'embed-generation': {
      prepare: (tenant) => genesys.prepare(tenant),
      handler: embedGeneration({ genesys, clock: systemClock }),
      retry: backoff,
    },
    'config-rollout': { handler: notYet, retry: backoff },
    'audit-sync': { handler: notYet, retry: backoff },
    'webhook-delivery': {
      handler: webhookDelivery({
        endpoints,
        receivers,
        tenants,
        clock: systemClock,
        timeoutMs: {
          callback: config.webhookTimeoutMs,
          cms: config.webhookTimeoutMs,
          analytics: config.analyticsTimeoutMs,
        },
        onDisabled: (caller, reason) => logDisabled(app, caller, reason),
      }),
      retry: webhookSchedule(config),
      attemptMs: endpointSettings(config).callMs,
      lookAgain: ({ jobId, tenant, data }: Pick<Run<WebhookDelivery>, 'jobId' | 'tenant' | 'data'>) =>
        endpoints.lookAgain({ tenantId: tenant.id, jobId, url: data.url }),
    },
  };
}

async function notYet(): Promise<Outcome> {
  return reject(new CodedError('INTERNAL', 'this kind has no handler yet'));
}

function reportOf({ config, logger, queues }: App): Report {
  const webhookAttempts = config.webhookScheduleMs.length + 1;
  return createReport({ logger, queues, clock: systemClock, webhookAttempts });
}

function startConsumers(app: App, kinds: readonly JobKind[], report: Report): Consumer[] {
  const { config, logger, redis, keys, queues, flow, tenants } = app;
  const clock = systemClock;
  const execute = createExecute({
    flow,
    queues,
    tenants,
    clock,
    tasks: tasksOf(app),
    attemptMs: attemptMs(config),
  });
  const partitions = Array.from({ length: keys.partitions }, (_, partition) => partition);
  return kinds.flatMap((kind) =>
    partitions.map((partition) =>
      consume({
        kind,
        prefix: keys.queuePrefix(partition),
        client: redis,
        clock,
        logger,
        concurrency: config.workerConcurrency,
        lockDurationMs: config.lockDurationMs,
        keepCompleted: config.keepCompleted,
        keepFailedMs: config.keepFailedMs,
        execute,
        report,
        hasWork: () => queues.hasWork(kind, partition),
      }),
    ),
  );
}

function backoffPolicy({ backoffBaseMs, backoffMaxMs }: Config): RetryPolicy {
  return { delayMs: (attempt) => fullJitter({ baseMs: backoffBaseMs, maxMs: backoffMaxMs }, attempt) };
}

function webhookSchedule({ webhookScheduleMs }: Config): RetryPolicy {
  return { delayMs: (attempt) => scheduledWait(webhookScheduleMs, attempt) };
}

/** The operator's event: nothing reaches this receiver any more. Of its address the host alone, for a path may be a secret. */
function logDisabled({ logger }: App, { tenantId, url }: Caller, reason: DisabledFor): void {
  const endpointId = endpointIdOf(tenantId, url);
  const { host } = new URL(url);
  logger.error(
    { event: 'endpoint.disabled', tenantId, endpointId, host, reason },
    'an endpoint was disabled',
  );
}

async function reloadTenants(app: App): Promise<void> {
  const { tenants, logger } = app;
  try {
    tenants.reload();
    await configureBuckets(app);
    logger.info({ tenants: tenants.ids() }, 'tenants file read again');
  } catch (error) {
    logger.error({ reason: messageOf(error) }, 'tenants file is wrong; the tenants stay as they were');
  }
}

if (import.meta.main) await runEntry(() => runWorker(process.argv.slice(2)));
