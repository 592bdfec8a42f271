import { setTimeout as sleep } from 'node:timers/promises';
import type { LogLine as AnyLine } from '../support/gwm.ts';
import { startProcess, type TestProcess } from '../support/processes.ts';
import type { System } from '../support/system.ts';

/** A log line, which may be about another worker. */
export type LogLine = AnyLine & { readonly worker?: string };

/** The worker processes of a row. */
export interface Crew {
  /** Workers that have not been told to end. */
  living(): readonly TestProcess[];
  /** Starts one more, with variables in addition to those of the row. */
  start(env?: Readonly<Record<string, string>>, program?: string): Promise<TestProcess>;
  /** Ends one with a signal. Resolves when it is gone. */
  end(worker: TestProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** From now on a worker that ends by itself is replaced after a moment, as a supervisor does. */
  supervise(): void;
  /** Process ids of the workers that were told to end by SIGTERM. */
  ended(): readonly number[];
  /** How many workers ended without being told. */
  crashes(): number;
  /** The log lines of all workers that ever ran. */
  log(): LogLine[];
  /** No further worker is started. */
  dismiss(): void;
}

/** As `restart: always` of containers. */
const RESTART_AFTER_MS = 200;

/** @param environment the variables of the row, which may change before the first start. */
export function createCrew(
  system: System,
  environment: Readonly<Record<string, string>>,
  program: string,
): Crew {
  const everyone: TestProcess[] = [];
  const living = new Set<TestProcess>();
  let isSupervised = false;
  let isDismissed = false;
  let crashes = 0;
  const ended: number[] = [];

  const start: Crew['start'] = async (env = {}, ownProgram = program) => {
    const variables = { ...system.environment, LOG_LEVEL: 'info', ...environment, ...env };
    const worker = startProcess(process.execPath, [ownProgram, 'worker'], { env: variables });
    everyone.push(worker);
    await worker.line(/"worker started"/);
    living.add(worker);
    void worker.exit.then(async () => {
      if (!living.delete(worker)) return;
      crashes++;
      await sleep(RESTART_AFTER_MS);
      if (isSupervised && !isDismissed) await start(env, ownProgram).catch(() => {});
    });
    return worker;
  };
  return {
    living: () => [...living],
    start,
    async end(worker, signal) {
      living.delete(worker);
      if (signal === 'SIGTERM') ended.push(worker.pid);
      worker.kill(signal);
      await worker.exit;
    },
    supervise() {
      isSupervised = true;
    },
    ended: () => ended,
    crashes: () => crashes,
    log: () => everyone.flatMap(linesOf),
    dismiss() {
      isDismissed = true;
    },
  };
}

/** The last line of a killed process may be cut off. */
function linesOf({ stdout }: TestProcess): LogLine[] {
  return stdout.flatMap((line) => {
    try {
      return [JSON.parse(line) as LogLine];
    } catch {
      return [];
    }
  });
}
