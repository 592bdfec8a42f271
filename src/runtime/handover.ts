import { type BackendFactory, createRedisBackend, type RedisQueueBackend } from 'bullmq';
import type { DamagedJobs } from '../queues/damaged-jobs.ts';
import { JOB_FIELDS } from '../redis/keys.ts';

/** What the hash of a job says besides what BullMQ reads. */
export interface Notes {
  /** Workers that had the job when their lock of it ran out, one per run. */
  readonly holders: readonly string[];
  /** Fields that could not be read, when there were any. */
  readonly damaged: string | undefined;
  /** Of a callback: whether its receiver was called at least once. */
  readonly wasCalled: boolean;
}

/** A job whose lock has run out, and the worker that had it. */
export interface Stall {
  readonly jobId: string;
  readonly holder: string;
}

export interface HandoverOptions {
  readonly damagedJobs: DamagedJobs;
  /** Run right before BullMQ gives the jobs with no lock to others. */
  readonly noteStalls: () => Promise<readonly Stall[]>;
  readonly onStalls: (stalls: readonly Stall[]) => void;
}

export interface Handover {
  /** Makes what a worker of BullMQ speaks to Redis with. */
  readonly backend: BackendFactory<RedisQueueBackend>;
  /** The notes of a job that has just been handed over; they are given once. */
  take(jobId: string): Notes;
}

/** Commands of BullMQ that hand a job over: the flat hash of the job, its id, and more. */
const HANDS_OVER: ReadonlySet<string> = new Set(['moveToActive', 'moveToFinished', 'moveToDelayed']);
const NO_NOTES: Notes = { holders: [], damaged: undefined, wasCalled: false };
/** Jobs with which a script of BullMQ failed are looked for at most so often, ms. */
const RELEASE_EVERY_MS = 1000;

/**
 * Stands between BullMQ and Redis where a worker is handed a job: a job that BullMQ could not read is mended before it reads
 * it, and what BullMQ does not read is noted.
 */
export function createHandover({ damagedJobs, noteStalls, onStalls }: HandoverOptions): Handover {
  const notes = new Map<string, Notes>();
  let releasedAtMs = Number.NEGATIVE_INFINITY;

  async function read(reply: unknown): Promise<unknown> {
    if (!Array.isArray(reply) || !Array.isArray(reply[0])) return reply;
    const [flat, jobId, ...rest] = reply as [string[], string, ...unknown[]];
    const raw = recordOf(flat);
    // A Redis that does not take the note has the job come again.
    const sound = await damagedJobs.check(jobId, raw).catch(() => raw);
    notes.set(jobId, notesIn(sound));
    return [Object.entries(sound).flat(), jobId, ...rest];
  }

  /** A script of BullMQ failed, perhaps on the job that it was about to hand over, which no worker has now. */
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
