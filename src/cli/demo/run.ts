import { loadConfig } from '../../config/load.ts';
import { OperatorError } from '../../core/errors.ts';
import { printableLines } from '../../core/printable.ts';
import { openQueues, type Queues } from '../../queues/queues.ts';
import { openRedis } from '../../redis/connect.ts';
import { createKeys } from '../../redis/keys.ts';
import { redisTarget } from '../../redis/target.ts';
import { untilStopped } from '../../runtime/process.ts';
import type { SandboxStats } from '../../sandbox/observe/stats.ts';
import { exitCode } from '../exit-codes.ts';
import { printJson } from '../output.ts';
import { auditCounts } from './audit.ts';
import { auditBatchOf, type Batch, batchesOf } from './batches.ts';
import { type Enqueued, enqueueBatches, together } from './enqueue.ts';
import { describeKept } from './kept.ts';
import { dialectCounts, platformMessages } from './platform.ts';
import { type DemoResult, describeResult, isComplete, jsonOf } from './result.ts';
import { readScenario, type Scenario } from './scenario.ts';
import { summarizeAll } from './summary.ts';
import { type System, startSystem } from './system.ts';
import { untilEnded } from './until-ended.ts';

export interface DemoOptions {
  /** NDJSON file with messages. */
  readonly file: string;
  /** Prints the result as JSON on the last line. */
  readonly json: boolean;
  /** Keeps everything running until Ctrl-C. */
  readonly keep: boolean;
}

/** The stream of the text for people. With `--json` standard output has the result. */
type Stream = NodeJS.WriteStream;

/**
 * Runs the whole system on this machine in real processes. It enqueues messages, cards, embed codes
 * and rollouts. The sandbox counts requests, a receiver verifies callbacks, and the audit store
 * gets a record of each job.
 *
 * @returns exit code: 0 when every job was delivered and reported, 1 when one was not, 130 after
 * Ctrl-C.
 */
export async function runDemo({ file, json, keep }: DemoOptions): Promise<number> {
  if (file === '-')
    throw new OperatorError(
      'The demo reads its messages more than once: give it a file, not standard input.',
      'usage',
    );
  const stream = json ? process.stderr : process.stdout;
  const say = (text: string) => stream.write(`${printableLines(text)}\n`);
  const scenario = await readScenario(file);
  if (scenario.messages === 0) throw new OperatorError(`${file} has no messages.`);

  const interrupted = untilStopped().then(() => 'interrupted' as const);
  const starting = startSystem(scenario, say);
  const working = starting.then(async (system) => ({ system, result: await work(system, scenario, stream) }));
  try {
    const finished = await Promise.race([working, interrupted]);
    if (finished === 'interrupted') return exitCode('interrupted');
    const { system, result } = finished;
    say(describeResult(result));
    if (keep) {
      const [tenantId = ''] = scenario.tenants.keys();
      say(describeKept({ ...system, tenantId }, [process.execPath, ...process.argv.slice(1, 2)]));
      await interrupted;
    }
    if (json) printJson(jsonOf(result));
    return exitCode(isComplete(result) ? 'done' : 'failed');
  } finally {
    say('Stopping the processes of the demo…');
    // After Ctrl-C the work fails, and its error does not matter.
    working.catch(() => {});
    await (await starting.catch(() => undefined))?.stop();
  }
}

/** Enqueues all batches, waits for the end of every job, and counts. */
async function work(system: System, scenario: Scenario, stream: Stream): Promise<DemoResult> {
  const startedMs = performance.now();
  const config = loadConfig(system.environment);
  const client = await openRedis({ ...redisTarget(config), role: 'caller' });
  const keys = createKeys(system.queuePrefix, config.partitions);
  const queues = openQueues({ client, keys, onError: () => {} });
  try {
    const handOver = async (batches: readonly Batch[], before?: Enqueued): Promise<Enqueued> => {
      const fresh = await Promise.race([enqueueBatches(system, batches, stream), system.broken]);
      const enqueued = before ? together(before, fresh) : fresh;
      await Promise.race([untilEnded(queues, enqueued, stream), system.broken]);
      return enqueued;
    };
    const delivered = await handOver([platformMessages(), ...(await batchesOf(scenario))]);
    const enqueued = await handOver([await auditBatchOf(scenario)], delivered);
    const audit = await auditCounts(system.auditDatabaseUrl, { client, keys });
    return { ...(await takeStock(system, queues, enqueued, startedMs)), audit };
  } finally {
    await queues.close();
    client.disconnect();
  }
}

async function takeStock(
  { sandbox, receiver, deadWorkers }: System,
  queues: Queues,
  enqueued: Enqueued,
  startedMs: number,
): Promise<Omit<DemoResult, 'audit'>> {
  const stats = await readStats(sandbox.url);
  return {
    enqueued,
    queues: await summarizeAll(queues, enqueued.jobs, stats),
    callbacks: receiver.counts(),
    sandbox: stats,
    dialects: dialectCounts(stats),
    deadWorkers: deadWorkers(),
    seconds: Math.round((performance.now() - startedMs) / 100) / 10,
  };
}

async function readStats(sandboxUrl: string): Promise<SandboxStats> {
  const response = await fetch(`${sandboxUrl}/__sandbox/stats`, { signal: AbortSignal.timeout(5000) });
  return (await response.json()) as SandboxStats;
}
