import type { Environment } from '../../config/environment.ts';
import { OperatorError } from '../../core/errors.ts';
import { type DemoProcess, startGwm } from './processes.ts';

/** The worker processes of the demo. */
export interface WorkerTeam {
  pids(): number[];
  /** Workers that ended unexpectedly. */
  dead(): number;
  /** Rejects when a worker could not be replaced. */
  readonly broken: Promise<never>;
  stop(): Promise<void>;
}

/**
 * Starts workers, and replaces each one that ends, as a container platform does. So a user can kill
 * one and see that its messages still arrive.
 */
export async function startWorkers(
  count: number,
  environment: Environment,
  say: (line: string) => void,
): Promise<WorkerTeam> {
  const team = new Map<string, DemoProcess>();
  const { promise: broken, reject } = Promise.withResolvers<never>();
  broken.catch(() => {});
  let stopping = false;
  let dead = 0;

  const launch = async (name: string) => {
    const worker = await startGwm(name, ['worker'], environment);
    team.set(name, worker);
    if (stopping) return await worker.stop();
    void watch(name, worker);
  };
  const watch = async (name: string, worker: DemoProcess) => {
    const how = await worker.ended;
    if (stopping) return;
    dead++;
    say(`\n${name} (process ${worker.pid}) ${how}; a new one takes its place`);
    await launch(name).catch((error: unknown) => {
      reject(error instanceof Error ? error : new OperatorError(String(error)));
    });
  };

  const names = Array.from({ length: count }, (_, index) => `worker ${index + 1}`);
  const workers = {
    pids: () => [...team.values()].map((worker) => worker.pid),
    dead: () => dead,
    broken,
    async stop() {
      stopping = true;
      await Promise.all([...team.values()].map((worker) => worker.stop()));
    },
  };
  try {
    await Promise.all(names.map(launch));
    return workers;
  } catch (error) {
    await workers.stop();
    throw error;
  }
}
