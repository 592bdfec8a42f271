import { setTimeout as delay } from 'node:timers/promises';
import { createActs } from '../src/audit/act-record.ts';
import { readEnvironment } from '../src/config/environment.ts';
import { loadConfig } from '../src/config/load.ts';
import { messageOf, OperatorError } from '../src/core/errors.ts';
import { type Counting, startCounting } from '../src/counts/counting.ts';
import { attemptMs } from '../src/flow/flow.ts';
import { isJobKind, JOB_KINDS, type JobKind } from '../src/jobs/catalog.ts';
import { type CountedRun, countRuns } from '../src/observe/count-runs.ts';
import { reloadOnSignal } from '../src/operate/reload-on-signal.ts';
import { configureBuckets } from '../src/queues/buckets.ts';
import { isRedisAway } from '../src/redis/connect.ts';
import { redisTarget } from '../src/redis/target.ts';
import { type App, openApp } from '../src/runtime/app.ts';
import { startAuditService } from '../src/runtime/audit-service.ts';
import { startClockWatch } from '../src/runtime/clock-watch.ts';
import { type Consumer, consume } from '../src/runtime/consume.ts';
import { startDeferrals } from '../src/runtime/deferrals.ts';
import { createExecute } from '../src/runtime/execute.ts';
import { startExpiry } from '../src/runtime/expiry.ts';
import { type Heartbeat, startHeartbeat } from '../src/runtime/heartbeat.ts';
import { createLostJobs } from '../src/runtime/lost.ts';
import { createProbes } from '../src/runtime/probes.ts';
import { announceReady, runEntry, untilStopped } from '../src/runtime/process.ts';
import { startReconciler } from '../src/runtime/reconciler.ts';
import { openReloads } from '../src/runtime/reloads.ts';
import { createReport, type Report } from '../src/runtime/report.ts';
import { createRestore } from '../src/runtime/restore.ts';
import { stopConsumers } from '../src/runtime/shutdown.ts';
import { reportStart } from '../src/runtime/start-check.ts';
import { createTakeOver } from '../src/runtime/take-over.ts';
import { startWatchdog } from '../src/runtime/watchdog.ts';
import { workerState } from '../src/runtime/worker-states.ts';
import { openMetrics, showMetrics } from '../src/survey/open-metrics.ts';
import { tasksOf } from './tasks.ts';

/**
 * The worker process: runs the queues that are named, by default all of them, until SIGTERM or
 * SIGINT. SIGHUP reads the tenants file and `.env` again.
 *
 * @returns the exit code.
 * @throws {OperatorError} when it cannot start.
 */
export async function runWorker(names: readonly string[]): Promise<number> {
  const kinds = parseKinds(names);
  const environment = readEnvironment();
  const config = loadConfig(environment);
  const probes = createProbes();
  // Before Redis, which may load its data for minutes: a probe must find a live process meanwhile.
  const metricsServer = await openMetrics(config, probes);
  const app = await openApp(config, environment);
  showMetrics(metricsServer, { ...app, client: app.redis });
  const storeError = await openStore(app);
  const counting = startCounting({ ...app, client: app.redis });
  const report = reportOf(app, counting);
  const consumers: Consumer[] = [];
  const heartbeat = await beginToBeat(app, kinds, consumers);
  startConsumers(app, consumers, { kinds, report, heartbeat });
  await configureBuckets(app);
  const concludeLost = createLostJobs({ ...app, report });
  const reconciler = startReconciler({
    ...app,
    concludeLost,
    restore: createRestore(app),
    onRepaired: (repair, count) => app.metrics.repairs.inc({ repair }, count),
  });
  const expiry = startExpiry(app);
  const deferrals = startDeferrals(app);
  const auditService = startAuditService(app);
  const clockWatch = startClockWatch({ ...app, client: app.redis });
  const watchdog = startWatchdog({
    consumers,
    logger: app.logger,
    giveUp: () => process.exit(1),
    isRedisAway: () => isRedisAway(redisTarget(app.config)),
  });
  probes.watch({ watchdog, heartbeat });
  await reportStart(app, storeError);
  const reloads = await openReloads({
    ...app,
    client: app.redis,
    environment: readEnvironment,
    command: 'worker',
  });
  reloadOnSignal({ ...app, reloads, acts: createActs(app) });
  const stopping = untilStopped();
  app.logger.info(
    { queues: kinds, tenants: app.tenants.ids(), ...(metricsServer && { metrics: metricsServer.url }) },
    'worker started',
  );
  announceReady();

  const signal = await stopping;
  app.logger.info({ signal }, 'worker stopping: it takes no new jobs and finishes the running ones');
  probes.stop();
  app.follower.stop();
  watchdog.stop();
  reconciler.stop();
  expiry.stop();
  deferrals.stop();
  await stopConsumers(consumers, app.config.shutdownTimeoutMs, app.logger);
  const stopped = Promise.all(
    [heartbeat, auditService, clockWatch, counting, reloads].map((service) => service.stop()),
  );
  const closed = stopped.then(() => Promise.all([metricsServer?.close(), app.close()]));
  // Without Redis these would wait for ever.
  await Promise.race([closed, delay(2000, undefined, { ref: false })]);
  app.logger.info('worker stopped');
  return 0;
}

function parseKinds(names: readonly string[]): JobKind[] {
  const unknown = names.filter((name) => !isJobKind(name));
  if (unknown.length > 0) {
    throw new OperatorError(`There is no such queue. The queues are: ${JOB_KINDS.join(', ')}.`, 'usage');
  }
  return names.length === 0 ? [...JOB_KINDS] : names.filter(isJobKind);
}

/**
 * Opens the audit store before the first job, because making its tables blocks all sends for a
 * moment. A store that is away is opened later.
 * @returns why it could not be opened, if that is known soon.
 */
async function openStore({ store }: App): Promise<string[]> {
  const opened = store.tenants().then(
    () => [],
    (error: unknown) => [messageOf(error)],
  );
  return await Promise.race([opened, delay(STORE_PATIENCE_MS, [], { ref: false })]);
}

const STORE_PATIENCE_MS = 1000;

function reportOf(app: App, counting: Counting): Report {
  const webhookAttempts = app.config.webhookScheduleMs.length + 1;
  const measure = countRuns(app.metrics);
  const onOutcome = (run: CountedRun) => {
    measure(run);
    counting.count(run);
  };
  return createReport({ ...app, webhookAttempts, onOutcome });
}

async function beginToBeat(
  { redis, keys, name, config, logger, metrics, clock }: App,
  queues: readonly JobKind[],
  consumers: readonly Consumer[],
): Promise<Heartbeat> {
  const startedAtMs = clock.now();
  const inHand = () => consumers.reduce((sum, consumer) => sum + consumer.inHand(), 0);
  const count = (death: 'dead' | 'alive') => metrics.workerDeaths.inc({ death });
  const onDeath = createTakeOver({ client: redis, keys, logger, onDead: () => count('dead') });
  const heartbeat = await startHeartbeat({
    client: redis,
    keys,
    name,
    lockDurationMs: config.lockDurationMs,
    state: () => workerState({ queues: [...queues], inHand: inHand(), startedAtMs }),
    onDeath,
  });
  heartbeat.onLapse(() => count('alive'));
  return heartbeat;
}

interface Consuming {
  readonly kinds: readonly JobKind[];
  readonly report: Report;
  readonly heartbeat: Heartbeat;
}

/** Starts a consumer for each queue, and for those of partitions that are made later. */
function startConsumers(app: App, consumers: Consumer[], { kinds, report, heartbeat }: Consuming): void {
  const { config, logger, tracing, redis, connection, clock, keys, queues, children, flow, tenants } = app;
  const { retryUntilAborted } = app;
  const execute = createExecute({
    flow,
    queues,
    keys,
    children,
    tenants,
    clock,
    tasks: tasksOf(app),
    retryUntilAborted,
    attemptMs: attemptMs(config),
    onUnknown: (kind, tenant) => app.metrics.unknownOutcomes.inc({ kind, tenant }),
    config,
  });
  const start = (kind: JobKind, partition: number) =>
    consume({
      kind,
      partition,
      keys,
      client: redis,
      heartbeat,
      damagedJobs: app.damagedJobs(kind, partition),
      connection,
      clock,
      logger,
      tracing,
      concurrency: config.workerConcurrency,
      lockDurationMs: config.lockDurationMs,
      keepCompleted: config.keepCompleted,
      keepFailedMs: config.keepFailedMs,
      execute,
      report,
      retryUntilAborted,
      hasWork: () => queues.hasWork(kind, partition),
    });
  const started = new Set<number>();
  const startAll = () => {
    for (const partition of keys.partitions()) {
      if (started.has(partition)) continue;
      started.add(partition);
      consumers.push(...kinds.map((kind) => start(kind, partition)));
    }
  };
  startAll();
  keys.layout.onChange(startAll);
}

if (import.meta.main) await runEntry(() => runWorker(process.argv.slice(2)));
