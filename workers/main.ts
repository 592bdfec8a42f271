import { readEnvironment } from '../src/config/environment.ts';
import { loadConfig } from '../src/config/load.ts';
import type { Config } from '../src/config/settings.ts';
import { fullJitter } from '../src/core/backoff.ts';
import { systemClock } from '../src/core/clock.ts';
import { messageOf, OperatorError } from '../src/core/errors.ts';
import { isJobKind, JOB_KINDS, type JobKind } from '../src/jobs/catalog.ts';
import { type App, openApp } from '../src/runtime/app.ts';
import { type Consumer, consume } from '../src/runtime/consume.ts';
import { createExecute } from '../src/runtime/execute.ts';
import type { RetryPolicy, Task } from '../src/runtime/handler.ts';
import { announceReady, runEntry, untilStopped } from '../src/runtime/process.ts';
import { createReport } from '../src/runtime/report.ts';
import { stopConsumers } from '../src/runtime/shutdown.ts';
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
  const consumers = startConsumers(app, kinds);
  process.on('SIGHUP', () => reloadTenants(app));
  app.logger.info({ queues: kinds, tenants: app.tenants.ids() }, 'worker started');
  announceReady();

  const signal = await untilStopped();
  app.logger.info({ signal }, 'worker stopping: no new jobs, those in hand are finished');
  await stopConsumers(consumers, app.config.shutdownTimeoutMs, app.logger);
  await app.close();
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
function tasksOf({ config, genesys, tenants }: App): Record<JobKind, Task> {
  const backoff = backoffPolicy(config);
  return {
    'message-transmission': { handler: messageTransmission(genesys), retry: backoff },
    'webhook-delivery': {
      handler: webhookDelivery({ tenants, clock: systemClock, timeoutMs: config.webhookTimeoutMs }),
      retry: webhookSchedule(config),
    },
  };
}

function startConsumers(app: App, kinds: readonly JobKind[]): Consumer[] {
  const { config, logger, redis, keys, queues, flow, tenants } = app;
  const clock = systemClock;
  const execute = createExecute({ flow, tenants, clock, tasks: tasksOf(app) });
  const webhookAttempts = config.webhookScheduleMs.length + 1;
  const report = createReport({ logger, queues, clock, webhookAttempts });
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
      }),
    ),
  );
}

function backoffPolicy({ backoffBaseMs, backoffMaxMs }: Config): RetryPolicy {
  return { delayMs: (attempt) => fullJitter({ baseMs: backoffBaseMs, maxMs: backoffMaxMs }, attempt) };
}

/** Each wait of the schedule, ±20 %. */
function webhookSchedule({ webhookScheduleMs }: Config): RetryPolicy {
  return {
    delayMs(attempt) {
      const waitMs = webhookScheduleMs[attempt - 1] ?? webhookScheduleMs.at(-1) ?? 0;
      return Math.round(waitMs * (0.8 + 0.4 * Math.random()));
    },
  };
}

function reloadTenants({ tenants, logger }: App): void {
  try {
    tenants.reload();
    logger.info({ tenants: tenants.ids() }, 'tenants file read again');
  } catch (error) {
    logger.error({ reason: messageOf(error) }, 'tenants file is wrong; the tenants stay as they were');
  }
}

if (import.meta.main) await runEntry(() => runWorker(process.argv.slice(2)));
