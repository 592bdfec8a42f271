import { loadConfig } from '../../../src/config/load.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/observe/logger.ts';
import { configureBuckets } from '../../../src/queues/buckets.ts';
import { type App, openApp } from '../../../src/runtime/app.ts';
import { consume } from '../../../src/runtime/consume.ts';
import { createExecute } from '../../../src/runtime/execute.ts';
import type { Handler } from '../../../src/runtime/handler.ts';
import { startHeartbeat } from '../../../src/runtime/heartbeat.ts';
import { createReport, type ReportOptions } from '../../../src/runtime/report.ts';
import { createTakeOver } from '../../../src/runtime/take-over.ts';
import { workerState } from '../../../src/runtime/worker-states.ts';
import { onEnd } from '../../support/lifetime.ts';
import type { System } from '../../support/system.ts';

/** The kind whose handler a test replaces. */
export const KIND = 'message-transmission';

/** The parts of a worker in the process of the test. They close when the test ends. */
export async function open({ environment }: Pick<System, 'environment'>): Promise<App> {
  const app = await openApp(loadConfig({ ...environment, LOG_LEVEL: 'silent' }), environment);
  await configureBuckets(app);
  onEnd(() => app.close());
  return app;
}

/** Runs messages in this process with one handler, as `workers/main.ts` does with all of them. */
export async function run(
  app: App & Pick<ReportOptions, 'onOutcome'>,
  handler: Handler<never>,
  lines: string[] = [],
  attemptMs = 10_000,
): Promise<void> {
  const { config, redis, keys, name, queues } = app;
  const { lockDurationMs } = config;
  const clock = systemClock;
  const logger = createLogger('debug', { write: (line: string) => void lines.push(line) });
  const onDeath = createTakeOver({ client: redis, keys, logger, onDead: () => {} });
  const heartbeat = await startHeartbeat({
    client: redis,
    keys,
    name,
    lockDurationMs,
    state: () => workerState({ queues: [], inHand: 0, startedAtMs: 0 }),
    onDeath,
  });
  const tasks = { [KIND]: { handler, retry: { delayMs: () => 10 } } };
  const consumer = consume({
    kind: KIND,
    partition: 0,
    keys,
    client: redis,
    heartbeat,
    damagedJobs: app.damagedJobs(KIND, 0),
    clock,
    logger,
    tracing: app.tracing,
    concurrency: 2,
    lockDurationMs,
    keepCompleted: 100,
    keepFailedMs: 60_000,
    execute: createExecute({ ...app, clock, tasks, attemptMs }),
    hasWork: () => queues.hasWork(KIND, 0),
    retryUntilAborted: app.retryUntilAborted,
    report: createReport({ ...app, logger, clock, webhookAttempts: 1 }),
  });
  onEnd(async () => {
    await consumer.quiet();
    await heartbeat.stop();
  });
}
