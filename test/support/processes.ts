import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { onEnd } from './lifetime.ts';
import { waitFor } from './wait-for.ts';

/** The folder and the variables of a process. The variables are added to ours. */
export interface ProcessOptions {
  env?: Record<string, string | undefined>;
  cwd?: string;
}

/** The end of a process. */
export interface ProcessEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process under test, with its output so far. */
export interface TestProcess {
  readonly pid: number;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  /**
   * The first matching line of either stream, before or after the call. Rejects with the last lines
   * if the process ends, or the deadline (default 120 s) passes.
   */
  line(pattern: RegExp, deadlineMs?: number): Promise<string>;
  /** Resolves after the end of the process and of its output. */
  readonly exit: Promise<ProcessEnd>;
  /**
   * Sends a signal, SIGTERM by default, to the process and its children, as a terminal does on
   * Ctrl-C.
   */
  kill(signal?: NodeJS.Signals): void;
}

const SET_BY_VITEST = /^(VITEST.*|NODE_ENV|NODE_OPTIONS|TEST|DEV|PROD|MODE|SSR|BASE_URL)$/;

/**
 * Starts a process in its own group. The end of the test kills the rest of the group. Throws if the
 * command cannot start.
 */
export function startProcess(
  command: string,
  args: readonly string[] = [],
  { env, cwd }: ProcessOptions = {},
): TestProcess {
  const child = spawn(command, args, {
    cwd,
    env: { ...userEnvironment(), ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pid = child.pid;
  if (pid === undefined) {
    child.once('error', () => {});
    throw new Error(`Cannot start ${command}: there is no such command or folder`);
  }

  let isGone = false;
  child.once('exit', () => {
    isGone = true;
  });
  let hasEnded = false;
  const exit = new Promise<ProcessEnd>((resolve) => {
    child.once('close', (code, signal) => {
      hasEnded = true;
      resolve({ code, signal });
    });
  });
  const stdout = collectLines(child.stdout);
  const stderr = collectLines(child.stderr);

  const line = async (pattern: RegExp, deadlineMs = 120_000) => {
    const find = () => [...stdout, ...stderr].find((said) => said.search(pattern) >= 0);
    await waitFor(() => find() !== undefined || hasEnded, {
      what: `a line like ${pattern}`,
      deadlineMs,
    }).catch(() => {});
    const found = find();
    if (found !== undefined) return found;
    const fate = hasEnded ? 'ended' : `ran for ${deadlineMs} ms`;
    const lastLines = [...stdout.slice(-10), ...stderr.slice(-10)].join('\n');
    throw new Error(`${command} ${fate} without a line like ${pattern}; the last it said:\n${lastLines}`);
  };
  const kill = (signal: NodeJS.Signals = 'SIGTERM') => {
    // The rest of the group has no leader. If there is one, it is a stranger with the same id.
    if (!isGone || !isThere(pid)) signalGroup(pid, signal);
  };
  onEnd(async () => {
    kill('SIGKILL');
    await exit;
  });
  return { pid, stdout, stderr, line, exit, kill };
}

/** The cache of compiled code of Node. It halves the start of each of hundreds of processes. */
const COMPILE_CACHE = fileURLToPath(new URL('../../node_modules/.cache/node-compile', import.meta.url));

/**
 * Our environment without the variables of vitest and without proxies, so that a process starts as
 * for a user.
 */
function userEnvironment(): NodeJS.ProcessEnv {
  const ours = Object.entries(process.env).filter(
    ([name]) => !SET_BY_VITEST.test(name) && !/_proxy$/i.test(name),
  );
  return { NODE_COMPILE_CACHE: COMPILE_CACHE, ...Object.fromEntries(ours) };
}

function collectLines(stream: Readable): readonly string[] {
  const lines: string[] = [];
  createInterface({ input: stream }).on('line', (line) => lines.push(line));
  return lines;
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // The group has no process any more.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
