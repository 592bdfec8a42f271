import { Argument, Command } from 'commander';
import { type Environment, readEnvironment } from '../../config/environment.ts';
import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/settings.ts';
import { CATALOG, JOB_KINDS, type JobKind } from '../../jobs/catalog.ts';
import type { AwaitedJob } from '../../queues/ends.ts';
import type { EnqueueSummary } from '../../queues/enqueue-many.ts';
import { createProducer } from '../../queues/producer.ts';
import { openRedis } from '../../redis/connect.ts';
import { type RedisTarget, redisTarget } from '../../redis/target.ts';
import { loadTenants } from '../../tenants/registry.ts';
import { enqueueLines, type LineResult } from '../enqueue-lines.ts';
import { exitCode } from '../exit-codes.ts';
import { reportAsJson, reportInWords } from '../line-report.ts';
import { queueNamed } from '../names.ts';
import { type NdjsonInput, openNdjson } from '../ndjson.ts';
import { remark } from '../output.ts';
import { openProgress, type Progress } from '../progress.ts';
import { reaching } from '../reach.ts';
import { waitForEnds } from '../wait-for-ends.ts';

interface Options {
  readonly json?: true;
  readonly tenants: boolean;
  readonly wait?: true;
}

export function enqueueCommand(): Command {
  return new Command('enqueue')
    .description(
      'enqueue jobs, one JSON object per line; the ids of new jobs go to standard output, everything else to standard error',
    )
    .addArgument(queueArgument())
    .argument('[file]', 'NDJSON file, or - for standard input', '-')
    .option('--json', 'print one JSON object per line of the input, in its order')
    .option('--no-tenants', 'do not check the tenants; then this machine needs no TENANTS_FILE')
    .option(
      '--wait',
      'wait until all jobs of the input have ended, and print each end; exit 1 unless all were delivered. Ctrl-C leaves them in the queue',
    )
    .action(async (queue: string, file: string, options: Options) => {
      process.exitCode = await enqueue(queue, file, options);
    });
}

/** It names the queues for the help and for shells. `queueNamed` refuses another one. */
function queueArgument(): Argument {
  const argument = new Argument('<queue>', 'kind of the jobs');
  argument.argChoices = JOB_KINDS.filter((kind) => CATALOG[kind].kindCode !== null);
  return argument;
}

/**
 * @returns 1 when a line was rejected or refused; the valid lines are in the queue. With `--wait` also when a
 * job ended in another way than delivered.
 */
async function enqueue(queue: string, file: string, { json, tenants, wait }: Options): Promise<number> {
  const kind = queueNamed(queue);
  const environment = readEnvironment();
  const config = loadConfig(environment);
  const input = await openNdjson(file);
  await checkRedis(redisTarget(config));
  const producer = openProducer(config, environment, tenants);
  const awaited: AwaitedJob[] = [];
  const reportLine = json ? reportAsJson(kind) : reportInWords;
  let hasFailed = false;
  const progress = input.size === undefined ? undefined : openBar(input.size);
  try {
    const summary = await enqueueLines(producer, kind, input.lines, {
      onResult(result) {
        reportLine(result);
        if (wait) awaited.push(...awaitedOf(kind, result));
      },
      onProgress: (lines) => report(progress, input, lines),
    });
    progress?.update(input.bytesRead());
    progress?.stop();
    remark(describe(summary, kind));
    hasFailed = summary.rejected + summary.refused > 0;
  } finally {
    progress?.stop();
    await producer.close();
  }
  if (wait) {
    const waited = await waitForEnds(awaited, { config, environment, json: json === true });
    if (waited.isInterrupted) return exitCode('interrupted');
    hasFailed ||= waited.undelivered > 0;
  }
  return exitCode(hasFailed ? 'failed' : 'done');
}

/** The jobs of a line. Those of a duplicate were accepted before, unless they have another content. */
function awaitedOf(kind: JobKind, result: LineResult): AwaitedJob[] {
  if (result.status !== 'accepted' && result.status !== 'duplicate') return [];
  if ('isDifferent' in result && result.isDifferent) return [];
  return result.jobIds.map((jobId) => ({ kind, tenantId: result.tenantId, jobId }));
}

/** Reports a missing Redis at once, in plain words. */
async function checkRedis(target: RedisTarget): Promise<void> {
  const client = await reaching(openRedis({ ...target, role: 'caller' }));
  client.disconnect();
}

function openProducer(config: Config, environment: Environment, checkTenants: boolean) {
  const { queuePrefix, partitions, tenantsFile } = config;
  const { url: redisUrl, tls: redisTls, sentinel: redisSentinel } = redisTarget(config);
  const payloadKeys = environment['PAYLOAD_KEYS'];
  const shared = { redisUrl, redisTls, redisSentinel, queuePrefix, partitions, payloadKeys };
  if (!checkTenants) return createProducer(shared, environment);
  const tenants = loadTenants({ file: tenantsFile, environment, requireSecrets: false });
  return createProducer({ ...shared, tenants }, environment);
}

function openBar(size: number): Progress {
  return openProgress({ label: 'enqueue (bytes)', total: size, stream: process.stderr });
}

function report(progress: Progress | undefined, input: NdjsonInput, lines: number): void {
  if (lines % 100 === 0) progress?.update(input.bytesRead(), `${lines} lines`);
}

function describe({ accepted, duplicates, rejected, refused, jobs }: EnqueueSummary, queue: string): string {
  const split = jobs > accepted ? ` as ${jobs} jobs` : '';
  const full = refused > 0 ? `, ${refused} refused` : '';
  return `${queue}: ${accepted} accepted${split}, ${duplicates} duplicates, ${rejected} rejected${full}`;
}
