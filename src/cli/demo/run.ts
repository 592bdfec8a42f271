import { setTimeout as delay } from 'node:timers/promises';
import { loadConfig } from '../../config/load.ts';
import { OperatorError } from '../../core/errors.ts';
import type { JobKind } from '../../jobs/catalog.ts';
import type { EnqueueSummary } from '../../queues/enqueue-many.ts';
import { createProducer } from '../../queues/producer.ts';
import { openQueues, type Queues } from '../../queues/queues.ts';
import { openRedis } from '../../redis/connect.ts';
import { createKeys } from '../../redis/keys.ts';
import { untilStopped } from '../../runtime/process.ts';
import type { SandboxStats } from '../../sandbox/stats.ts';
import { loadTenants } from '../../tenants/registry.ts';
import { enqueueLines } from '../enqueue-lines.ts';
import { openNdjson } from '../ndjson.ts';
import { openProgress } from '../progress.ts';
import { readScenario, type Scenario } from './scenario.ts';
import { finished, type QueueSummary, renderSummary, summarize } from './summary.ts';
import { type System, startSystem } from './system.ts';

export interface DemoOptions {
  /** NDJSON file with the messages. */
  readonly file: string;
  /** Prints the result as JSON on the last line. */
  readonly json: boolean;
  /** Leaves everything running until Ctrl-C. */
  readonly keep: boolean;
}

/** Where the words for people go; with `--json` the standard output is for the result. */
type Stream = NodeJS.WriteStream;

const KIND: JobKind = 'message-transmission';
const POLL_MS = 200;
/** With nothing finished for so long, something is broken; a dead worker is noticed much earlier. */
const STANDSTILL_MS = 60_000;

/**
 * The whole system on this machine, in real processes: messages go in, and the sandbox counts what arrives.
 *
 * @returns exit code: 0 when every line was delivered, 1 when one was not, 130 after Ctrl-C.
 */
export async function runDemo({ file, json, keep }: DemoOptions): Promise<number> {
  if (file === '-')
    throw new OperatorError('The demo reads its messages twice: give it a file, not the standard input.');
  const stream = json ? process.stderr : process.stdout;
  const say = (line: string) => stream.write(`${line}\n`);
  const scenario = await readScenario(file);
  if (scenario.messages === 0) throw new OperatorError(`${file} has no messages.`);

  const interrupted = untilStopped().then(() => 'interrupted' as const);
  const starting = startSystem(scenario, say);
  const working = starting.then((system) => work(system, file, scenario, stream));
  try {
    const result = await Promise.race([working, interrupted]);
    if (result === 'interrupted') return 130;
    say(result.text);
    if (keep) {
      say('Everything is still running; Ctrl-C ends it.');
      await interrupted;
    }
    if (json) process.stdout.write(`${JSON.stringify(result.json)}\n`);
    return result.complete ? 0 : 1;
  } finally {
    say('Stopping what was started…');
    // After Ctrl-C nobody waits for the work; that it fails then is no news.
    working.catch(() => {});
    await (await starting.catch(() => undefined))?.stop();
  }
}

interface DemoResult {
  readonly complete: boolean;
  readonly text: string;
  /** What `--json` prints. */
  readonly json: unknown;
}

/** Enqueues the file, waits for the end of every job, and takes stock. */
async function work(system: System, file: string, scenario: Scenario, stream: Stream): Promise<DemoResult> {
  const startedMs = performance.now();
  const config = loadConfig(system.environment);
  const client = await openRedis({ url: system.redisUrl, role: 'caller' });
  const queues = openQueues({
    client,
    keys: createKeys(system.queuePrefix, config.partitions),
    onError: () => {},
  });
  try {
    const enqueued = await enqueueFile(system, file, scenario, stream);
    await Promise.race([untilFinished(queues, enqueued.jobs, stream), system.broken]);
    const stats = await readStats(system.sandbox.url);
    const summary = await summarize(queues, KIND, enqueued.jobs, stats);
    const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
    return {
      complete: enqueued.rejected === 0 && summary.delivered === enqueued.jobs,
      text: describeResult(system, enqueued, summary, stats, seconds),
      json: { queues: { [KIND]: countsOf(summary) }, sandbox: stats, seconds },
    };
  } finally {
    await queues.close();
    client.disconnect();
  }
}

async function enqueueFile(
  { environment, redisUrl, queuePrefix, tenantsFile }: System,
  file: string,
  scenario: Scenario,
  stream: Stream,
): Promise<EnqueueSummary> {
  const { partitions, attempts } = loadConfig(environment);
  const tenants = loadTenants({ file: tenantsFile, environment, requireSecrets: false });
  const producer = createProducer({ redisUrl, queuePrefix, partitions, attempts, tenants });
  const progress = openProgress({ label: 'enqueue', total: scenario.messages, stream });
  try {
    const { lines } = await openNdjson(file);
    const summary = await enqueueLines(producer, KIND, lines, {
      onFault: (line, reason) => process.stderr.write(`line ${line}: ${reason}\n`),
      onProgress: (count) => progress.update(count),
    });
    progress.update(scenario.messages);
    return summary;
  } finally {
    progress.stop();
    await producer.close();
  }
}

/** Waits until every job has come to its end, and shows how far it is. */
async function untilFinished(queues: Queues, jobs: number, stream: Stream): Promise<void> {
  const progress = openProgress({ label: 'deliver', total: jobs, stream });
  let last = { count: 0, atMs: performance.now() };
  try {
    for (;;) {
      const { delivered, failed } = await finished(queues, KIND);
      const count = delivered + failed;
      progress.update(count, failed > 0 ? `${failed} failed` : '');
      if (count >= jobs) return;
      if (count > last.count) last = { count, atMs: performance.now() };
      if (performance.now() - last.atMs > STANDSTILL_MS) {
        throw new OperatorError(
          `Nothing has moved for ${STANDSTILL_MS / 1000} s; ${jobs - count} of ${jobs} messages are not delivered.`,
        );
      }
      await delay(POLL_MS);
    }
  } finally {
    progress.stop();
  }
}

async function readStats(sandboxUrl: string): Promise<SandboxStats> {
  const response = await fetch(`${sandboxUrl}/__sandbox/stats`, { signal: AbortSignal.timeout(5000) });
  return (await response.json()) as SandboxStats;
}

function countsOf({ enqueued, delivered, failed }: QueueSummary): Record<string, number> {
  return { enqueued, delivered, failed };
}

function describeResult(
  { board }: System,
  { rejected }: EnqueueSummary,
  summary: QueueSummary,
  { accepted, duplicates, outOfOrder }: SandboxStats,
  seconds: number,
): string {
  return [
    '',
    renderSummary(new Map([[KIND, summary]])),
    `The sandbox accepted ${accepted} messages, ${duplicates} of them twice, ${outOfOrder} out of order.`,
    ...(rejected > 0 ? [`${rejected} lines of the file were rejected; see above.`] : []),
    `${seconds} s. The board was at ${board}.`,
  ].join('\n');
}
