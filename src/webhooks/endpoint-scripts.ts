import { type Batches, createBatches } from '../redis/batches.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import {
  INSERT_JOBS,
  JOB_HASH,
  loadScript,
  PROMOTE_JOB,
  type Script,
  type ScriptArgument,
} from '../redis/script.ts';
import { readWakes, type Wake } from '../redis/wakes.ts';

export interface EndpointsOptions {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly wake: (callbacks: readonly Wake[]) => Promise<void>;
  /** Name of this worker process. */
  readonly worker: string;
  /** Concurrency limit of one endpoint: calls under way at the same time. */
  readonly concurrency: number;
  /** Concurrency limit of all endpoints of a tenant together. */
  readonly tenantConcurrency: number;
  /** Longest time of a call, ms. After it the permit expires. */
  readonly callMs: number;
  readonly disableAfterMs: number;
  /** How long the attempts of an undelivered callback are kept, ms. */
  readonly keepAttemptsMs: number;
  /** Clock of the tests. Without it the clock of Redis counts. */
  readonly now?: () => number;
}

/** Scripts on one endpoint. */
type ScriptName = 'recheck' | 'enable' | 'reconcile';

/** The scripts of endpoints. Each of them may grant permits. */
export interface EndpointScripts {
  /** Acts of workers on callbacks: all of one turn of the event loop are one script. */
  readonly acts: Batches;
  run(
    name: ScriptName,
    tenantId: string,
    endpointId: string,
    args?: readonly ScriptArgument[],
  ): Promise<unknown>;
  /** Has the jobs run that a script could not wake itself. */
  wake(partition: number, reply: unknown): Promise<void>;
}

export function loadEndpointScripts(options: EndpointsOptions): EndpointScripts {
  const { client, keys, concurrency, tenantConcurrency, callMs, worker, disableAfterMs } = options;
  const preludes = [JOB_HASH, PROMOTE_JOB, fileOf('endpoint'), fileOf('permits')];
  const load = (name: string, more: readonly URL[] = []) =>
    loadScript(client, fileOf(`endpoint-${name}`), [...preludes, ...more]);
  const scripts: Record<ScriptName, Script> = {
    recheck: load('recheck'),
    enable: load('enable'),
    reconcile: load('reconcile'),
  };
  const kinds = ['arrive', 'enter', 'leave'].map((kind) => fileOf(`endpoint-${kind}`));
  const acts = load('acts', [INSERT_JOBS, ...kinds]);
  // ARGV[1] to ARGV[4] of every script.
  const base = (partition: number) => [
    options.now?.() ?? '',
    keys.ownOf(partition),
    concurrency,
    tenantConcurrency,
  ];

  async function wake(partition: number, reply: unknown): Promise<void> {
    const woken = readWakes(partition, reply);
    // The script has already changed the state, so this must not fail. The reconciler finds the
    // callbacks that are not woken now.
    if (woken.length > 0) await options.wake(woken).catch(() => {});
  }

  return {
    wake,
    acts: createBatches(async (partition, args) => {
      const shared = [...base(partition), callMs, worker, disableAfterMs];
      const slotKey = keys.ownOf(partition);
      const [replies, wakes] = (await acts.run(slotKey, [...shared, ...args])) as [unknown[], unknown];
      await wake(partition, wakes);
      return replies;
    }),
    run(name, tenantId, endpointId, args = []) {
      const shared = base(keys.partitionOf(tenantId));
      return scripts[name].run(keys.own(tenantId), [...shared, tenantId, endpointId, ...args]);
    },
  };
}

function fileOf(name: string): URL {
  return new URL(`./${name}.lua`, import.meta.url);
}
