import { inspect } from 'node:util';
import { OperatorError } from '../core/errors.ts';
import { printableLines } from '../core/printable.ts';

/** The message to the parent process, once this process does its work. */
export interface Ready {
  readonly ready: true;
  /** The address at which it listens, if it listens. */
  readonly url?: string;
}

/**
 * Reports to the parent process, if there is an IPC channel, that this process does its work. From
 * then on the end of the parent ends this process as SIGTERM does.
 */
export function announceReady(url?: string): void {
  if (!process.send) return;
  process.send({ ready: true, ...(url && { url }) } satisfies Ready);
  process.once('disconnect', endWithParent);
}

function endWithParent(): void {
  process.kill(process.pid, 'SIGTERM');
}

/**
 * Resolves with the first SIGTERM or SIGINT. A second one ends the process at once.
 *
 * Call it before the process says that it has started: from that moment another program may send the
 * signal, and without a handler it ends the process in the middle of its work.
 */
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
 * Runs an entry point to its end, and then ends this process.
 *
 * @param exitCodeOf the exit code for an error; 1 by default.
 */
export async function runEntry(
  entry: () => Promise<number>,
  exitCodeOf: (error: unknown) => number = () => 1,
): Promise<void> {
  // A reader such as `head` may leave early; that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
  });
  process.exitCode = await runReporting(entry, exitCodeOf);
  // An open connection to a Redis that is away must not keep the process alive.
  setTimeout(() => process.exit(), 1000).unref();
  // The parent's IPC channel would keep this process alive.
  process.off('disconnect', endWithParent);
  if (process.connected) process.disconnect();
}

/**
 * Runs an entry point. Standard error gets a plain sentence for an error that the operator can
 * mend, and the stack for a bug.
 *
 * @returns the exit code.
 */
export async function runReporting(
  entry: () => Promise<number>,
  exitCodeOf: (error: unknown) => number,
): Promise<number> {
  try {
    return await entry();
  } catch (error) {
    const said = error instanceof OperatorError ? error.message : inspect(error);
    process.stderr.write(`${printableLines(said)}\n`);
    return exitCodeOf(error);
  }
}
