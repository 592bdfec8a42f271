import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Environment } from '../../config/environment.ts';
import { OperatorError } from '../../core/errors.ts';
import type { Ready } from '../../runtime/process.ts';

/** A process of the demo: another `gwm` of this installation. */
export interface DemoProcess {
  readonly name: string;
  readonly pid: number;
  /** Where it listens, when it does. */
  readonly url: string;
  /** Resolves when it has ended. */
  readonly ended: Promise<string>;
  /** SIGTERM, and SIGKILL when that does not help. */
  stop(): Promise<void>;
}

const READY_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 15_000;
const KEPT_OUTPUT_CHARACTERS = 4000;

/**
 * Starts `gwm` with the given arguments and waits until it does its work.
 * @throws {OperatorError} with what it printed, when it ends before that or takes too long.
 */
export async function startGwm(
  name: string,
  args: readonly string[],
  environment: Environment,
): Promise<DemoProcess> {
  const child = spawn(process.execPath, [mainFile(), ...args], {
    env: environment as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A group of its own: Ctrl-C ends the demo, and the demo ends the others in order.
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
    throw new OperatorError([`The ${name} ${first}. It said:`, output()].join('\n'));
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
  if (!file) throw new TypeError('started without a file');
  return file;
}

/** The last of what a process printed, for when it fails. */
function collectOutput(child: ChildProcess): () => string {
  let kept = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      kept = (kept + text).slice(-KEPT_OUTPUT_CHARACTERS);
    });
  }
  return () => kept.trim();
}
