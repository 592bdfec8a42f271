import { fileURLToPath } from 'node:url';
import { startProcess, type TestProcess } from './processes.ts';
import type { System } from './system.ts';

/** The built program: one file with all its packages. */
export const GWM = fileURLToPath(new URL('../../build/src/cli/main.js', import.meta.url));

/** The source of the program, for tests that replace a part of one of its packages. */
export const GWM_SOURCE = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export interface GwmOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A file for standard input, through a pipe. Without it the input is empty. */
  readonly stdin?: string;
  readonly cwd?: string;
}

/** Starts `gwm` with these arguments, as a user does. */
export function startGwm(args: readonly string[], { env = {}, stdin, cwd }: GwmOptions = {}): TestProcess {
  const options = { env: { ENV_FILE: '', ...env }, ...(cwd && { cwd }) };
  const command = [process.execPath, GWM, ...args];
  if (stdin === undefined) return startProcess(process.execPath, command.slice(1), options);
  const pipe = 'file=$1; shift; cat "$file" | "$@"';
  return startProcess('sh', ['-c', pipe, 'sh', stdin, ...command], options);
}

/** The output of a command and its exit code, after its end. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `gwm` to its end. */
export async function runGwm(args: readonly string[], options?: GwmOptions): Promise<Finished> {
  const gwm = startGwm(args, options);
  const { code } = await gwm.exit;
  return { code, stdout: gwm.stdout.join('\n'), stderr: gwm.stderr.join('\n') };
}

/** Starts a worker process for a system and waits until it takes jobs. */
export async function startWorker(
  system: System,
  env: Readonly<Record<string, string>> = {},
  queues: readonly string[] = [],
  program = GWM,
): Promise<TestProcess> {
  const options = { env: { ...system.environment, LOG_LEVEL: 'debug', ...env } };
  const worker = startProcess(process.execPath, [program, 'worker', ...queues], options);
  await worker.line(/"worker started"/);
  return worker;
}

/** The address of the metrics of a worker with `METRICS_PORT`. */
export async function metricsUrlOf(worker: TestProcess): Promise<string> {
  const { metrics } = JSON.parse(await worker.line(/"worker started"/)) as { metrics: string };
  return metrics;
}

/** The log lines of a process, parsed. */
export function logOf({ stdout }: TestProcess): LogLine[] {
  return stdout.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogLine);
}

/** The fields of a log line that tests read. */
export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly event?: string;
  readonly jobId?: string;
  readonly tenantId?: string;
  readonly attempt?: number;
  readonly mayBeRepetition?: boolean;
  readonly reason?: string;
  readonly host?: string;
  readonly error?: { readonly code: string; readonly message: string };
}
