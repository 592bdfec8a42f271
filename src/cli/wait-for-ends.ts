import type { Environment } from '../config/environment.ts';
import type { Config } from '../config/settings.ts';
import { openCore } from '../queues/core.ts';
import { type AwaitedJob, endsOf, type JobEnd } from '../queues/ends.ts';
import { openRedis } from '../redis/connect.ts';
import { asOperatorError } from '../redis/explain.ts';
import { claimInstallation } from '../redis/installation.ts';
import { redisTarget } from '../redis/target.ts';
import { openSeal } from '../seal/open-seal.ts';
import { print, printJson, remark } from './output.ts';
import { reaching } from './reach.ts';

export interface WaitOptions {
  readonly config: Config;
  readonly environment: Environment;
  /** Prints one JSON object per end. */
  readonly json: boolean;
}

/** What became of the jobs of a command. */
export interface Waited {
  /** Jobs that ended in another way than delivered. */
  readonly undelivered: number;
  /** The user ended the wait with Ctrl-C, and the jobs stay. */
  readonly isInterrupted: boolean;
}

/**
 * Waits until all jobs have ended, and prints each end. Ctrl-C ends the wait, and leaves the jobs in the
 * queue; a second one ends the process.
 */
export async function waitForEnds(
  jobs: readonly AwaitedJob[],
  { config, environment, json }: WaitOptions,
): Promise<Waited> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.once('SIGINT', stop);
  remark(`waiting for ${jobs.length} jobs to end; Ctrl-C leaves them in the queue`);
  const seal = openSeal(config, environment);
  const client = await reaching(openRedis({ ...redisTarget(config), role: 'caller' }));
  const core = openCore({ client, config, seal, onError: () => {} });
  const counts = { delivered: 0, undelivered: 0 };
  const left = () => jobs.length - counts.delivered - counts.undelivered;
  try {
    await claimInstallation(client, core.keys);
    core.follow();
    await core.queues.ready();
    for await (const end of endsOf(core, jobs, stopping.signal)) {
      if (end.ended === 'delivered') counts.delivered++;
      else counts.undelivered++;
      report(end, json);
    }
  } catch (error) {
    if (!stopping.signal.aborted) throw asOperatorError(client, error);
    remark(`${left()} jobs have not ended. They stay in the queue.`);
  } finally {
    process.off('SIGINT', stop);
    // A Redis that is away must not keep the command from ending.
    core.close().catch(() => {});
    client.disconnect();
  }
  remark(`${counts.delivered} delivered, ${counts.undelivered} not delivered`);
  return { undelivered: counts.undelivered, isInterrupted: left() > 0 };
}

function report({ kind, jobId, ended, failedReason }: JobEnd, json: boolean): void {
  if (json) printJson({ id: jobId, kind, ended, ...(failedReason !== null && { failedReason }) });
  else print(failedReason === null ? `${jobId} ${ended}` : `${jobId} ${ended} (${failedReason})`);
}
