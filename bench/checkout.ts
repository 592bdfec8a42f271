import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import type { Figure } from './figure.ts';

/** A figure of a run, as far as two runs are compared. */
export type RunFigure = Pick<Figure, 'what' | 'ours' | 'reference' | 'unit'>;

/** A version of the project that can run its benchmarks. */
export interface Checkout extends AsyncDisposable {
  /** Whether its benchmarks know `--rounds`. */
  readonly hasRounds: boolean;
  /** @throws {NoBenchmark} when it has no benchmark of this name */
  run(name: string, args: readonly string[]): Promise<RunFigure[]>;
}

/** A checkout has no benchmark of a name. */
export class NoBenchmark extends Error {}

export type CheckoutSource = { readonly folder: string } | { readonly ref: string };

export interface CheckoutOptions {
  readonly say: (what: string) => void;
  /** Aborted when the work must stop. */
  readonly signal: AbortSignal;
}

/** The root of this project. */
const HERE = join(import.meta.dirname, '..');
const LOCK_FILE = 'package-lock.json';
const MAIN = 'bench/main.ts';

/** Opens a folder, or a commit in a temporary folder that is removed at the end. */
export async function openCheckout(source: CheckoutSource, options: CheckoutOptions): Promise<Checkout> {
  await using parts = new AsyncDisposableStack();
  const folder = 'folder' in source ? source.folder : await addWorktree(parts, source.ref, options);
  const main = await readFile(join(folder, MAIN), 'utf8').catch(() => '');
  const kept = parts.move();
  return {
    hasRounds: main.includes('rounds: {'),
    run: (name, args) => run(folder, name, args, options.signal),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function addWorktree(
  parts: AsyncDisposableStack,
  ref: string,
  { say, signal }: CheckoutOptions,
): Promise<string> {
  const commit = await git('rev-parse', '--verify', '--quiet', `${ref}^{commit}`).catch(() => {
    throw new Error(`No commit ${ref}.`);
  });
  const parent = await mkdtemp(join(tmpdir(), 'gwm-compare-'));
  parts.defer(() => rm(parent, { recursive: true, force: true }));
  const folder = join(parent, 'checkout');
  await git('worktree', 'add', '--detach', folder, commit);
  parts.defer(async () => void (await git('worktree', 'remove', '--force', folder)));
  if (!existsSync(join(folder, MAIN))) return folder;
  const isSame = (await lockFileOf(folder)) === (await lockFileOf(HERE));
  if (isSame) {
    await symlink(join(HERE, 'node_modules'), join(folder, 'node_modules'), 'dir');
  } else {
    say(`${ref} has other packages: npm ci`);
    await promisify(execFile)('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, signal });
  }
  return folder;
}

/** Runs one benchmark of a checkout, which prints one line of JSON. */
async function run(
  folder: string,
  name: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<RunFigure[]> {
  if (!existsSync(join(folder, MAIN))) throw new NoBenchmark(name);
  const child = spawn(process.execPath, [MAIN, name, '--json', ...args], {
    cwd: folder,
    signal,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, complaints, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  if (complaints.includes(`No benchmark ${name}`)) throw new NoBenchmark(name);
  if (code !== 0) throw new Error(`${name} failed in ${folder}:\n${complaints.slice(-4000)}`);
  const { figures, ...headline } = JSON.parse(output) as RunFigure & { readonly figures?: RunFigure[] };
  return figures ?? [{ ...headline, what: headline.what ?? name }];
}

async function lockFileOf(folder: string): Promise<string> {
  return await readFile(join(folder, LOCK_FILE), 'utf8').catch(() => '');
}

async function git(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('git', ['-C', HERE, ...args]);
  return stdout.trim();
}
