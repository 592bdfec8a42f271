import { type BackendFactory, createRedisBackend, type RedisQueueBackend } from 'bullmq';
import type { DamagedJobs } from '../queues/damaged-jobs.ts';
import { JOB_FIELDS } from '../redis/keys.ts';

/** Fields in the hash of a job that BullMQ does not read. */
export interface Notes {
  /** Workers that had the job when their lock of it ran out, one per run. */
  readonly holders: readonly string[];
  /** Names of its damaged fields; undefined when it has no such field. */
  readonly damaged: string | undefined;
  /** For a callback: whether a worker has called its receiver at least once. */
  readonly wasCalled: boolean;
}

/** A job whose lock has run out, and the worker that had it. */
export interface Stall {
  readonly jobId: string;
  readonly holder: string;
}

export interface HandoverOptions {
  readonly damagedJobs: DamagedJobs;
  /** Runs right before BullMQ gives jobs without a lock to other workers. */
  readonly noteStalls: () => Promise<readonly Stall[]>;
  readonly onStalls: (stalls: readonly Stall[]) => void;
}

export interface Handover {
  /** Makes the backend through which a worker of BullMQ talks to Redis. */
  readonly backend: BackendFactory<RedisQueueBackend>;
  /** Returns the notes of a job that was just handed over, and forgets them. */
  take(jobId: string): Notes;
}

/** Commands of BullMQ whose reply hands a job over: its flat hash, its id, and more. */
const HANDS_OVER: ReadonlySet<string> = new Set(['moveToActive', 'moveToFinished', 'moveToDelayed']);
const NO_NOTES: Notes = { holders: [], damaged: undefined, wasCalled: false };
/** Shortest time between two searches for jobs on which a script of BullMQ failed, ms. */
const RELEASE_EVERY_MS = 1000;

/**
 * Stands between BullMQ and Redis when a worker is handed a job. It repairs a damaged job before
 * BullMQ reads it, and keeps the notes that BullMQ ignores.
 */
export function createHandover({ damagedJobs, noteStalls, onStalls }: HandoverOptions): Handover {
  const notes = new Map<string, Notes>();
  let releasedAtMs = Number.NEGATIVE_INFINITY;

  async function read(reply: unknown): Promise<unknown> {
    if (!Array.isArray(reply) || !Array.isArray(reply[0])) return reply;
    const [flat, jobId, ...rest] = reply as [string[], string, ...unknown[]];
    const raw = recordOf(flat);
    // If Redis refuses the repair, BullMQ reads the job as it is, and a later run repairs it.
    const sound = await damagedJobs.check(jobId, raw).catch(() => raw);
    notes.set(jobId, notesIn(sound));
    return [Object.entries(sound).flat(), jobId, ...rest];
  }

  /**
   * A script of BullMQ failed, perhaps on a job that it was handing over. No worker has that job.
   */
  async function release(error: unknown): Promise<never> {
    const isRefused = error instanceof Error && error.name === 'ReplyError';
    if (isRefused && performance.now() - releasedAtMs > RELEASE_EVERY_MS) {
      releasedAtMs = performance.now();
      await damagedJobs.release().catch(() => {});
    }
    throw error;
  }

  return {
    backend(name, opts, options) {
      const backend = createRedisBackend(name, opts, options);
      const execute = backend.execCommand.bind(backend);
      backend.execCommand = (client, command, args) => {
        if (command === 'moveStalledJobsToWait') {
          return noteStalls().then(async (stalls) => {
            const moved = (await execute(client, command, args)) as string[];
            onStalls(stalls.filter(({ jobId }) => moved.includes(jobId)));
            return moved;
          });
        }
        const reply = execute(client, command, args);
        return HANDS_OVER.has(command) ? (reply as Promise<unknown>).then(read, release) : reply;
      };
      return backend;
    },
    take(jobId) {
      const taken = notes.get(jobId) ?? NO_NOTES;
      notes.delete(jobId);
      return taken;
    },
  };
}

function recordOf(flat: readonly string[]): Record<string, string> {
  const record: Record<string, string> = {};
  for (let at = 0; at + 1 < flat.length; at += 2) record[flat[at] ?? ''] = flat[at + 1] ?? '';
  return record;
}

function notesIn(raw: Readonly<Record<string, string>>): Notes {
  const ours = Object.entries(raw).filter(([name]) => name.startsWith(JOB_FIELDS.prefix));
  if (ours.length === 0) return NO_NOTES;
  return {
    holders: ours.filter(([name]) => name.startsWith(JOB_FIELDS.heldBy)).map(([, holder]) => holder),
    damaged: raw[JOB_FIELDS.damaged],
    wasCalled: raw[JOB_FIELDS.called] !== undefined,
  };
}
