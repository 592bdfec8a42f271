import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onEnd } from '../support/lifetime.ts';

const HERE = join(import.meta.dirname, '../..');

/**
 * A commit in a temporary folder, with the packages of this checkout. Removed at the end.
 * @returns the folder.
 */
export async function openWorktree(ref: string): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'gwm-chaos-'));
  onEnd(() => rm(parent, { recursive: true, force: true }));
  const folder = join(parent, 'checkout');
  await git('worktree', 'add', '--detach', folder, ref);
  onEnd(() => git('worktree', 'remove', '--force', folder));
  await symlink(join(HERE, 'node_modules'), join(folder, 'node_modules'), 'dir');
  return folder;
}

/** The last commit that changed one of these files. */
export async function lastChangeOf(files: readonly string[]): Promise<string> {
  return await git('log', '-1', '--format=%H', '--', ...files);
}

async function git(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('git', ['-C', HERE, ...args]);
  return stdout.trim();
}
