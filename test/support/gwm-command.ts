import { Writable } from 'node:stream';
import { exitCodeOf } from '../../src/cli/exit-codes.ts';
import { createProgram } from '../../src/cli/program.ts';
import { runProgram } from '../../src/cli/usage.ts';
import { runReporting } from '../../src/runtime/process.ts';
import type { Finished, GwmOptions } from './gwm.ts';

/** The command that runs now. The next one waits for its end, because both use the globals. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs a command of `gwm` to its end in this process: the same program with its own environment and
 * output. Use it for what a command does and prints. The start of a process costs half a second of
 * processor time. `runGwm` starts one, for what a command is as a process.
 */
export function runCommand(
  args: readonly string[],
  options: Pick<GwmOptions, 'env'> = {},
): Promise<Finished> {
  const finished = last.then(() => withGlobals(args, options.env ?? {}));
  last = finished.catch(() => {});
  return finished;
}

async function withGlobals(args: readonly string[], env: NonNullable<GwmOptions['env']>): Promise<Finished> {
  const [stdout, stderr] = [collect(), collect()];
  const { PATH, HOME, USER } = process.env;
  const restores = [
    replace('env', { PATH, HOME, USER, ENV_FILE: '', ...env }),
    replace('stdout', stdout.stream),
    replace('stderr', stderr.stream),
  ];
  const { exitCode } = process;
  process.exitCode = undefined;
  try {
    const code = await runReporting(async () => {
      await runProgram(createProgram(), args);
      return Number(process.exitCode ?? 0);
    }, exitCodeOf);
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.exitCode = exitCode;
    for (const restore of restores) restore();
  }
}

/** Replaces a property of `process`. @returns the function that restores it. */
function replace(name: 'env' | 'stdout' | 'stderr', value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(process, name);
  if (!before) throw new Error(`process has no property ${name}`);
  Object.defineProperty(process, name, { value, configurable: true, enumerable: true, writable: true });
  return () => void Object.defineProperty(process, name, before);
}

/** A stream that keeps its text, with the line ends of {@link Finished}. */
function collect() {
  let written = '';
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      written += chunk;
      done();
    },
  });
  return { stream, text: () => written.replaceAll('\r\n', '\n').replace(/\n$/, '') };
}
