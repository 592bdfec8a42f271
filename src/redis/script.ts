import { readFileSync } from 'node:fs';
import type { RedisClient } from './connect.ts';

/** Runs a Lua script: its keys, its arguments, what it returns. */
export type RunScript = (keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>;

/**
 * Makes a script in a `.lua` file callable. The header of the file says what keys, arguments and reply are;
 * the caller types the reply. Sent by its digest; ioredis sends the text when Redis does not know it.
 *
 * @param file address of the script, `new URL('./name.lua', import.meta.url)`.
 */
export function loadScript(client: RedisClient, file: URL): RunScript {
  const name = `gwm_${file.pathname.replace(/^.*\/|\.lua$/g, '')}`;
  client.defineCommand(name, { lua: readFileSync(file, 'utf8') });
  const commands = client as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  return async (keys, args) => commands[name]?.(keys.length, ...keys, ...args);
}
