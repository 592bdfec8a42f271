import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Environment } from '../../config/environment.ts';
import { OperatorError } from '../../core/errors.ts';
import type { Ready } from '../../runtime/process.ts';

/** A process of the demo: a `gwm` command. */
export interface DemoProcess {
  readonly name: string;
  readonly pid: number;
  /** Its address, when it listens. */
  readonly url: string;
  /** Resolves with the reason when it ends. */
  readonly ended: Promise<string>;
  /** Sends SIGTERM, and SIGKILL when the process does not end. */
  stop(): Promise<void>;
}

const READY_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 15_000;
const KEPT_OUTPUT_CHARACTERS = 4000;

/**
 * Starts `gwm` and waits until it is ready.
 * @throws {OperatorError} with its output, when it ends before that or takes too long.
 */
export async function startGwm(
  name: string,
  args: readonly string[],
  environment: Environment,
): Promise<DemoProcess> {
  const child = spawn(process.execPath, [mainFile(), ...args], {
    env: environment as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A process group of its own: Ctrl-C reaches the demo alone, which stops the others in order.
    detached: true,
  });
  const output = collectOutput(child);
  const ended = once(child, 'exit').then(([code, signal]) =>
    signal ? `was ended by ${signal}` : `exited with ${code}`,
  );
  const ready = once(child, 'message').then(([message]) => message as Ready);
  const first = await Promise.race([ready, ended, delay(READY_DEADLINE_MS, 'is not ready', { ref: false })]);
  if (typeof first === 'string') {
    child.kill('SIGKILL');
    throw new OperatorError([`The ${name} ${first}. Its output:`, output()].join('\n'));
  }
  return {
    name,
    pid: child.pid ?? 0,
    url: first.url ?? '',
    ended,
    async stop() {
      child.kill('SIGTERM');
      const stopped = await Promise.race([ended, delay(STOP_DEADLINE_MS, undefined, { ref: false })]);
      if (stopped === undefined) child.kill('SIGKILL');
      await ended;
    },
  };
}

function mainFile(): string {
  const [, file] = process.argv;
  if (!file) throw new TypeError('there is no file to start');
  return file;
}

/** Keeps the last output of a process, for error messages. */
function collectOutput(child: ChildProcess): () => string {
  let kept = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      kept = (kept + text).slice(-KEPT_OUTPUT_CHARACTERS);
    });
  }
  return () => kept.trim();
}
