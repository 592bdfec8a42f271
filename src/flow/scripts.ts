import { COUNT_ACCEPTED } from '../counts/spans.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import {
  INSERT_JOBS,
  JOB_HASH,
  loadScript,
  PROMOTE_JOB,
  type Script,
  type ScriptArgument,
  type Transaction,
} from '../redis/script.ts';
import { readWakes, type Wake } from '../redis/wakes.ts';
import { kindTable } from './notation.ts';

const NAMES = [
  'accept',
  'acquire',
  'acts',
  'adopt',
  'conclude-lost',
  'configure',
  'due',
  'expire',
  'explain',
  'forget-lane',
  'hold',
  'known',
  'lane-page',
  'page',
  'pause',
  'recheck',
  'reconcile',
  'redrive',
  'release',
  'renew-quiet',
  'revisit',
  'status',
  'survey',
  'tidy',
  'unconfigured',
] as const;

type ScriptName = (typeof NAMES)[number];

/** Shared Lua files, after those of src/redis. Each needs those before it; a script gets what it needs of them. */
const SHARED = ['state', 'window', 'bucket', 'job', 'index', 'lane', 'deferred', 'turns'] as const;

/** What single scripts need beyond these. */
const MORE: Partial<Record<ScriptName, readonly (URL | string)[]>> = {
  accept: [INSERT_JOBS, ...COUNT_ACCEPTED],
  acts: [fileOf('admit'), fileOf('conclude')],
};

export interface FlowOptions {
  readonly client: RedisClient;
  readonly keys: Keys;
  /** After this time from its token, ms, a request of a dead worker is certainly over. */
  readonly requestMs: number;
  /** How long the ledger remembers a job, ms. */
  readonly ledgerTtlMs: number;
  /** Tests hold the time still; without it the clock of Redis counts. */
  readonly now?: () => number;
}

/** The scripts of flow control, each on the keys of one partition. */
export interface Scripts {
  run(name: ScriptName, partition: number, args: readonly ScriptArgument[]): Promise<unknown>;
  /** Runs a script that replies with the jobs to wake and nothing else. */
  wakesOf(name: ScriptName, partition: number, args: readonly ScriptArgument[]): Promise<Wake[]>;
  /** Loads a script if Redis does not know it. */
  load(name: ScriptName): Promise<void>;
  /** Queues a script in a transaction. */
  queue(name: ScriptName, transaction: Transaction, partition: number, args: readonly ScriptArgument[]): void;
}

export function loadScripts({ client, keys, now }: FlowOptions): Scripts {
  const preludes = [kindTable(), JOB_HASH, PROMOTE_JOB, ...SHARED.map(fileOf)];
  const open = (name: ScriptName) =>
    [name, loadScript(client, fileOf(name), [...preludes, ...(MORE[name] ?? [])])] as const;
  const scripts = Object.fromEntries(NAMES.map(open)) as Record<ScriptName, Script>;
  // ARGV[1] and ARGV[2] of every script.
  const base = (partition: number) => [now?.() ?? '', keys.ownOf(partition)];

  const run: Scripts['run'] = (name, partition, args) =>
    scripts[name].run(keys.ownOf(partition), [...base(partition), ...args]);
  return {
    run,
    wakesOf: async (name, partition, args) => readWakes(partition, await run(name, partition, args)),
    load: (name) => scripts[name].load(),
    queue: (name, transaction, partition, args) =>
      scripts[name].queue(transaction, keys.ownOf(partition), [...base(partition), ...args]),
  };
}

function fileOf(name: string): URL {
  return new URL(`./${name}.lua`, import.meta.url);
}
