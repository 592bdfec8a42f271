import { inspect } from 'node:util';
import { OperatorError } from '../core/errors.ts';
import { printableLines } from '../core/printable.ts';

/** What whoever started this process with an IPC channel is told once it does its work. */
export interface Ready {
  readonly ready: true;
  /** Where it listens, when it does. */
  readonly url?: string;
}

/**
 * Tells the parent process, if it listens, that this one does its work now. From then on the parent's death
 * ends this process as SIGTERM does.
 */
export function announceReady(url?: string): void {
  if (!process.send) return;
  process.send({ ready: true, ...(url && { url }) } satisfies Ready);
  process.once('disconnect', endWithParent);
}

function endWithParent(): void {
  process.kill(process.pid, 'SIGTERM');
}

/** Resolves with the first SIGTERM or SIGINT. A second one ends the process at once. */
export function untilStopped(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let stopping = false;
    const stop = (signal: NodeJS.Signals) => {
      if (stopping) process.exit(130);
      stopping = true;
      resolve(signal);
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
}

/**
 * Runs an entry point to its end. What the operator can mend is said in plain words on standard error; a
 * issue of the program keeps its stack.
 *
 * @param exitCodeOf the exit code for what was thrown; 1 for everything by default.
 */
export async function runEntry(
  entry: () => Promise<number>,
  exitCodeOf: (error: unknown) => number = () => 1,
): Promise<void> {
  // A reader such as `head` may leave early; that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
  });
  try {
    process.exitCode = await entry();
  } catch (error) {
    const said = error instanceof OperatorError ? error.message : inspect(error);
    process.stderr.write(`${printableLines(said)}\n`);
    process.exitCode = exitCodeOf(error);
  }
  // A connection that does not close, to a Redis that is away, must not keep a process that is done.
  setTimeout(() => process.exit(), 1000).unref();
  // The parent's IPC channel would keep this process alive.
  process.off('disconnect', endWithParent);
  if (process.connected) process.disconnect();
}
