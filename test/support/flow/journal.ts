import { laneOf } from '../../../src/flow/notation.ts';
import type { QuietTimes } from '../../../src/tenants/quiet-hours.ts';
import type { JobSpec } from './queue.ts';
import type { Reply, Run, World } from './world-shapes.ts';

/** One event in a world, recorded outside Redis. */
export type Entry = JobEntry | BucketEntry | QuietEntry;

/** A tenant has other quiet hours from now on. */
export interface QuietEntry extends Pick<QuietTimes, 'times' | 'urgentPass'> {
  readonly what: 'quiet';
  readonly tenantId: string;
}

export interface BucketEntry {
  readonly what: 'paused' | 'resumed';
  readonly atMs: number;
  readonly tenantId: string;
  readonly untilMs: number;
}

export interface JobEntry {
  readonly what:
    | 'accepted'
    /** The job was admitted, and its request was sent. */
    | 'went'
    /** The worker died during the request. */
    | 'died'
    /** The worker rescheduled the job. */
    | 'rescheduled'
    | 'ended'
    | 'cancelled'
    | 'removed'
    /** An operator redrives a dead letter. */
    | 'redriven';
  readonly atMs: number;
  readonly id: string;
  readonly tenantId: string;
  readonly lane: string;
  /** The sequence number in the lane. 0: not known yet. */
  readonly sequence: number;
  readonly spec: JobSpec;
  /** For a job that went: its admission marked it as a possible repetition. */
  readonly mayBeRepetition?: boolean;
  /** For a job that ended: the entry of the ledger. */
  readonly how?: string;
}

/** The same world with a journal of its events. `work` writes no entries. */
export function withJournal(world: World): { world: World; journal: readonly Entry[] } {
  const journal: Entry[] = [];

  function note(what: JobEntry['what'], id: string, more: Partial<JobEntry> = {}): void {
    const job = world.jobs.get(id);
    if (!job) throw new RangeError(`no job ${id}`);
    const { sequence, spec, ref } = job;
    const lane = laneOf(ref, world.keys.seal);
    journal.push({ what, atMs: world.now(), id, tenantId: ref.tenantId, lane, sequence, spec, ...more });
  }

  function notePause(tenantId: string, ms: number): void {
    const atMs = world.now();
    if (ms > 0) journal.push({ what: 'paused', atMs, tenantId, untilMs: atMs + ms });
  }

  function noteStart(run: Run): Run {
    const { admission, job } = run;
    if (admission.verdict === 'go') note('went', job.id, { mayBeRepetition: admission.mayBeRepetition });
    return run;
  }

  const recorded: World = {
    ...world,
    async accept(specs) {
      const sequences = await world.accept(specs);
      specs.forEach(({ id }, index) => {
        if ((sequences[index] ?? 0) > 0) note('accepted', id);
      });
      return sequences;
    },
    async add(spec) {
      await world.add(spec);
      note('accepted', spec.id);
    },
    start: async (id, fate) => noteStart(await world.start(id, fate)),
    approach: async (id, fate) => noteStart(await world.approach(id, fate)),
    proceed: async (run, fate) => noteStart(await world.proceed(run, fate)),
    async conclude(run, reply, fate) {
      await world.conclude(run, reply, fate);
      const { job, admission, next } = run;
      if (admission.verdict === 'go' || admission.verdict === 'prepare')
        notePause(job.ref.tenantId, retryAfterOf(reply));
      if (next && 'end' in next && admission.verdict !== 'done') note('ended', job.id, { how: next.end });
      else if (admission.verdict === 'go') note('rescheduled', job.id);
    },
    async failEarly(id, reply) {
      await world.failEarly(id, reply);
      const job = world.jobs.get(id);
      notePause(job?.ref.tenantId ?? '', retryAfterOf(reply));
      // An earlier run may have ended the job, and died before BullMQ knew.
      if (job?.end && reply.kind === 'failed') note('ended', id, { how: `${job.end} {}` });
    },
    die(run, afterMs) {
      world.die(run, afterMs);
      const isUnderWay = run.admission.verdict === 'go' && !run.next;
      if (isUnderWay) note('died', run.job.id);
    },
    async remove(id) {
      await world.remove(id);
      note('removed', id);
    },
    async cancel(id) {
      const outcome = await world.cancel(id);
      if (outcome === 'released') note('cancelled', id);
      return outcome;
    },
    async retry(id) {
      const isRedriven = await world.retry(id);
      if (isRedriven) note('redriven', id);
      return isRedriven;
    },
    async quieten(tenantId, quiet) {
      await world.quieten(tenantId, quiet);
      journal.push({
        what: 'quiet',
        tenantId,
        times: quiet?.times ?? [],
        urgentPass: quiet?.urgentPass ?? false,
      });
    },
    async pause(tenantId, durationMs) {
      await world.pause(tenantId, durationMs);
      notePause(tenantId, durationMs);
    },
    async resume(tenantId) {
      await world.resume(tenantId);
      journal.push({ what: 'resumed', atMs: world.now(), tenantId, untilMs: world.now() });
    },
  };
  return { world: recorded, journal };
}

function retryAfterOf(reply: Reply | undefined): number {
  return reply?.kind === 'throttled' ? (reply.retryAfterMs ?? 0) : 0;
}
