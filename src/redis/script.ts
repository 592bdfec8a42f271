import { readFileSync } from 'node:fs';
import type { RedisClient } from './connect.ts';
import { isUnknownScript } from './failure.ts';
import { partsFor, type SharedLua, shareLua } from './lua-parts.ts';

export type ScriptArgument = string | number;

/**
 * A Lua script on one client. The header of its file describes its arguments and reply.
 *
 * A script makes its keys from its arguments, all in one hash slot. It is called with one key of that
 * slot, or a beginning of its keys with the hash tag. Redis Cluster needs it to find the node; no
 * script reads it.
 */
export interface Script {
  run(slotKey: string, args: readonly ScriptArgument[]): Promise<unknown>;
  /** Loads the script if Redis does not know it. Calls that follow then reach Redis in their order. */
  load(): Promise<void>;
  /** Adds the script to a transaction; `exec` has its reply. */
  queue(transaction: Transaction, slotKey: string, args: readonly ScriptArgument[]): void;
}

/** A transaction of the client. Its opener runs it. */
export type Transaction = ReturnType<RedisClient['multi']>;

/**
 * Makes a `.lua` file callable. The client sends its digest; ioredis sends the text when Redis does
 * not know it.
 *
 * @param file the script; its name becomes the name of the command.
 * @param preludes shared code, files or Lua itself. The parts that the script needs come in front of it.
 */
export function loadScript(client: RedisClient, file: URL, preludes: readonly (URL | string)[]): Script {
  const name = `gwm_${file.pathname.replace(/^.*\/|\.lua$/g, '')}`;
  const own = textOf(file);
  const lua = `${partsFor(own, sharedIn(preludes))}\n${own}`;
  let loadedInto: object | undefined;
  client.defineCommand(name, { numberOfKeys: 1, lua });
  return {
    run: (slotKey, args) => commandOf(client, name)([slotKey, ...args]) as Promise<unknown>,
    async load() {
      const { scripts } = client;
      if (loadedInto === scripts) return;
      const script: StoredScript = Reflect.get(client.scriptsSet, name);
      await teach(client, [script]);
      loadedInto = scripts;
    },
    queue: (transaction, slotKey, args) => {
      commandOf(transaction, name)([slotKey, ...args]);
    },
  };
}

/** A script as ioredis keeps it. */
interface StoredScript {
  readonly lua: string;
  readonly sha: string;
}

/** The file with the functions that insert jobs into queues of BullMQ. */
export const INSERT_JOBS = new URL('./bullmq-insert.lua', import.meta.url);

/** The file with the function that lets a delayed job of BullMQ run. */
export const PROMOTE_JOB = new URL('./bullmq-promote.lua', import.meta.url);

/** The file with the functions that read BullMQ's hash of a job. */
export const JOB_HASH = new URL('./job-hash.lua', import.meta.url);

/** Many scripts share the same files. */
const sharedOfFiles = new Map<string, SharedLua>();

function sharedIn(preludes: readonly (URL | string)[]): SharedLua {
  const name = preludes.join('\n');
  const shared = sharedOfFiles.get(name) ?? shareLua(preludes.map(textOf));
  sharedOfFiles.set(name, shared);
  return shared;
}

function textOf(lua: URL | string): string {
  return typeof lua === 'string' ? lua : readFileSync(lua, 'utf8');
}

/**
 * Loads all scripts into Redis, then runs a transaction of them. ioredis sends the text of a single
 * unknown script; in a transaction the unknown script fails alone, and the others run without it.
 * When Redis forgets the scripts in between, the transaction runs again. So a second run must be
 * harmless.
 */
export async function withScripts<Result>(client: RedisClient, act: () => Promise<Result>): Promise<Result> {
  try {
    await teach(client, Object.values(client.scriptsSet));
    return await act();
  } catch (error) {
    if (!isUnknownScript(error)) throw error;
    await teach(client, Object.values(client.scriptsSet));
    return await act();
  }
}

/** Loads the scripts that a master does not know. */
async function teach(client: RedisClient, scripts: readonly StoredScript[]): Promise<void> {
  await client.ofMasters(async (master) => {
    const known = (await master.script('EXISTS', ...scripts.map(({ sha }) => sha))) as number[];
    const unknown = scripts.filter((_, index) => known[index] === 0);
    await Promise.all(unknown.map(({ lua }) => master.script('LOAD', lua)));
  });
}

/** The command of a script. It takes the arguments as one list: a call has a bound on their number. */
function commandOf(target: object, name: string): (args: readonly ScriptArgument[]) => unknown {
  const command = Reflect.get(target, name) as (args: readonly ScriptArgument[]) => unknown;
  return command.bind(target);
}
