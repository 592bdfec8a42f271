import type { JobInput, JobKind } from '../../src/jobs/catalog.ts';
import { startWorker } from './gwm.ts';
import { forFile } from './lifetime.ts';
import type { TestProcess } from './processes.ts';
import type { System } from './system.ts';
import { waitFor } from './wait-for.ts';

/** A job, and where it loses its worker. */
export interface Kill<Kind extends JobKind> {
  readonly kind: Kind;
  readonly data: object;
  /** The operation whose next request ends the worker. */
  readonly operation: string;
  /** What happens to the request, so that it has no answer. */
  readonly fault: object;
}

/**
 * The worker processes of a system, one after the other. They live as long as the file: the
 * successor of one kill is the victim of the next.
 */
export interface Succession {
  /** Has a worker that takes jobs. */
  ready(): Promise<void>;
  /**
   * Hands over a job, kills the worker at the request, and starts another worker.
   * @returns the id of the job.
   */
  killAt<Kind extends JobKind>(kill: Kill<Kind>): Promise<string>;
}

export function createSuccession(system: System): Succession {
  const { sandbox } = system;
  let current: TestProcess | undefined;

  const ready = async (): Promise<TestProcess> => {
    current ??= await forFile(() => startWorker(system));
    return current;
  };
  return {
    async ready() {
      await ready();
    },
    async killAt({ kind, data, operation, fault }) {
      const victim = await ready();
      const before = (await sandbox.requests(operation)).length;
      await sandbox.inject({ operations: { [operation]: fault } });
      const { jobIds } = await system.openProducer().enqueue(kind, data as JobInput<typeof kind>);
      await waitFor(async () => (await sandbox.requests(operation)).length > before, {
        what: `a request for ${operation}`,
      });
      current = undefined;
      victim.kill('SIGKILL');
      await victim.exit;
      await sandbox.inject({});
      await ready();
      return jobIds[0] ?? '';
    },
  };
}
