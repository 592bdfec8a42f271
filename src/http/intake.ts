import type { JobKind } from '../jobs/catalog.ts';
import type { Prepared } from '../queues/prepare.ts';
import { type Destination, type EntryReport, ONE_ENTRY, submitEach } from '../queues/submit.ts';
import { createTurns } from '../queues/turns.ts';
import type { MemoryGuard } from '../redis/memory-guard.ts';

/** Accepts single jobs of many requests, several in one script. */
export interface Intake {
  submit(kind: JobKind, entry: Prepared): Promise<EntryReport>;
}

interface Pending {
  readonly entry: Prepared;
  readonly resolve: (report: Promise<EntryReport>) => void;
  readonly reject: (error: unknown) => void;
}

/** Most jobs per script; more would hold up the other clients of Redis. */
const MAX_TOGETHER = 100;
/** Scripts of one kind under way at the same time. Jobs that arrive meanwhile go together. */
const UNDER_WAY = 2;

/**
 * A job goes as soon as the process has read the requests that are there, and with those that arrive
 * meanwhile while two scripts are under way. So the number of round trips follows Redis and not the
 * number of callers. Jobs keep their order.
 */
export function createIntake(destination: Destination, memory: MemoryGuard): Intake {
  const pending = new Map<JobKind, Pending[]>();
  const underWay = new Map<JobKind, number>();
  const turns = createTurns();

  const start = async (kind: JobKind): Promise<void> => {
    const running = underWay.get(kind) ?? 0;
    if (running >= UNDER_WAY) return;
    const together = pending.get(kind)?.splice(0, MAX_TOGETHER) ?? [];
    if (together.length === 0) return;
    underWay.set(kind, running + 1);
    try {
      const reports = await submitEach(
        destination,
        kind,
        together.map(({ entry }, index) => ({ ...entry, index })),
        // Each request is a call of its own.
        { call: ONE_ENTRY, memory, full: new Map(), turns },
      );
      for (const [index, { resolve }] of together.entries()) resolve(reports[index] as Promise<EntryReport>);
    } catch (error) {
      for (const { reject } of together) reject(error);
    } finally {
      underWay.set(kind, (underWay.get(kind) ?? 1) - 1);
      void start(kind);
    }
  };

  return {
    submit(kind, entry) {
      const { promise, resolve, reject } = Promise.withResolvers<EntryReport>();
      const waiting = pending.get(kind) ?? [];
      pending.set(kind, waiting);
      waiting.push({ entry, resolve, reject });
      setImmediate(() => void start(kind));
      return promise;
    },
  };
}
