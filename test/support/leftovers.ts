import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onEnd } from './lifetime.ts';

/** Finds the processes and files that a process under test leaves behind. */
export interface Leftovers {
  /** Environment variables for the process. Its children inherit them. */
  readonly env: Readonly<Record<string, string>>;
  /** Command lines of running descendants. */
  processes(): Promise<string[]>;
  /** The content of its folder for temporary files. */
  files(): Promise<string[]>;
}

/** Marks a process before its start. The end of the test removes its leftovers. */
export async function watchLeftovers(): Promise<Leftovers> {
  const mark = `GWM_TEST_MARK=${randomBytes(8).toString('hex')}`;
  const folder = await mkdtemp(join(tmpdir(), 'gwm-leftovers-'));
  onEnd(async () => {
    for (const line of await processesWith(mark)) kill(Number.parseInt(line, 10));
    await rm(folder, { recursive: true, force: true });
  });
  return {
    env: { ...Object.fromEntries([mark.split('=')]), TMPDIR: folder },
    processes: () => processesWith(mark),
    files: () => readdir(folder),
  };
}

/**
 * Lines of `ps`, beginning with the process id, of processes with this variable in their
 * environment.
 */
async function processesWith(variable: string): Promise<string[]> {
  const args = process.platform === 'darwin' ? ['-A', '-E', '-ww'] : ['axeww'];
  const { stdout } = await promisify(execFile)('ps', args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout.split('\n').filter((line) => line.includes(variable));
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // The process ended in the meantime.
  }
}
