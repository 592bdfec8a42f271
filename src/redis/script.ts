import { readFileSync } from 'node:fs';
import type { RedisClient } from './connect.ts';

export type ScriptArgument = string | number;

/** A Lua script on one client. What its arguments and reply are stands in the header of its file. */
export interface Script {
  run(args: readonly ScriptArgument[]): Promise<unknown>;
  /** Queues it in a transaction; its reply is among those of `exec`. */
  queue(transaction: Transaction, args: readonly ScriptArgument[]): void;
}

/** A transaction of the client; whoever opened it runs it. */
export type Transaction = ReturnType<RedisClient['multi']>;

/**
 * Makes a script in a `.lua` file callable. It is sent by its digest; ioredis sends the text when Redis does
 * not know it.
 *
 * @param file the act; its name becomes that of the command.
 * @param preludes texts in front of it: what several acts share.
 */
export function loadScript(client: RedisClient, file: URL, preludes: readonly string[]): Script {
  const name = `gwm_${file.pathname.replace(/^.*\/|\.lua$/g, '')}`;
  const lua = [...preludes, readFileSync(file, 'utf8')].join('\n');
  // No keys are declared: they are made of the prefix, which has the hash tag, as BullMQ's own scripts do it.
  client.defineCommand(name, { numberOfKeys: 0, lua });
  return {
    run: (args) => commandOf(client, name)(...args) as Promise<unknown>,
    queue: (transaction, args) => {
      commandOf(transaction, name)(...args);
    },
  };
}

/**
 * Runs a transaction of scripts when Redis knows all of them. A single script is sent anew by ioredis; in a transaction
 * one that Redis has forgotten fails alone, and the others would be carried out without it. Runs it once more when Redis
 * forgot all of them in between: to carry out twice what the transaction does must be harmless.
 */
export async function withScripts<Result>(client: RedisClient, act: () => Promise<Result>): Promise<Result> {
  try {
    await teach(client);
    return await act();
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    await teach(client);
    return await act();
  }
}

/** Loads what Redis does not know of the scripts of a client. */
async function teach(client: RedisClient): Promise<void> {
  const scripts: readonly { readonly lua: string; readonly sha: string }[] = Object.values(client.scriptsSet);
  const known = (await client.script('EXISTS', ...scripts.map(({ sha }) => sha))) as number[];
  const unknown = scripts.filter((_, index) => known[index] === 0);
  await Promise.all(unknown.map(({ lua }) => client.script('LOAD', lua)));
}

function commandOf(target: object, name: string): (...args: readonly ScriptArgument[]) => unknown {
  const command = Reflect.get(target, name) as (...args: readonly ScriptArgument[]) => unknown;
  return command.bind(target);
}
