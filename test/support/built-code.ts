/**
 * Runs the files of the built program in a process that a test starts. V8 reads their functions
 * compiled from a file beside each of them. The cache of Node has only the functions that a module
 * runs at once; this one has all that a process has ever called.
 *
 * Each process that finds no such file writes one at its end. global-program.ts starts the first.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { constants, Script } from 'node:vm';

interface Loaded {
  exports: object;
}

type Code = (
  exports: object,
  require: (name: string) => unknown,
  module: Loaded,
  file: string,
  folder: string,
) => void;

const loaded = new Map<string, Loaded>();

/** Runs a file of the build once. @returns its exports. */
export function runBuilt(file: string): object {
  const known = loaded.get(file);
  if (known) return known.exports;
  const module: Loaded = { exports: {} };
  loaded.set(file, module);
  const folder = dirname(file);
  const requirePackage = createRequire(file);
  const require = (name: string) =>
    name.startsWith('.') ? runBuilt(resolve(folder, name)) : requirePackage(name);
  compile(file)(module.exports, require, module, file, folder);
  return module.exports;
}

function compile(file: string): Code {
  const compiled = `${file}.cache`;
  const cachedData = readIfThere(compiled);
  const script = new Script(readFileSync(file, 'utf8'), {
    filename: file,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(cachedData && { cachedData }),
  });
  if (!cachedData) saveAtEnd(compiled, script);
  return script.runInThisContext() as Code;
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/**
 * V8 drops the functions that it has not called for a while, such as those of the start. It reads
 * only what a process with the same flags has written.
 */
function saveAtEnd(compiled: string, script: Script): void {
  if (unsaved.size === 0) {
    setFlagsFromString('--no-flush-bytecode');
    process.once('exit', () => {
      setFlagsFromString('--flush-bytecode');
      for (const [name, code] of unsaved) save(name, code.createCachedData());
    });
  }
  unsaved.set(compiled, script);
}

const unsaved = new Map<string, Script>();

/** The first one stays. Other processes may read the file meanwhile. */
function save(file: string, data: Uint8Array): void {
  if (existsSync(file)) return;
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, data);
  renameSync(draft, file);
}
