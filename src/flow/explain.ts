import type { JobRef } from './job-ref.ts';
import { idOf, jobOf, laneOf } from './notation.ts';
import type { FlowOptions, Scripts } from './scripts.ts';
import type { Facts, QueueState, Waiting } from './wait-reason.ts';
import { waitingOf } from './waiting.ts';

/** Answers why a job waits. It changes nothing. */
export interface Explanations {
  /** @param queue the state of the job in BullMQ. */
  explain(ref: JobRef, queue: QueueState): Promise<Waiting>;
}

export function createExplanations(
  scripts: Scripts,
  { keys, requestMs }: Pick<FlowOptions, 'keys' | 'requestMs'>,
): Explanations {
  return {
    async explain(ref, queue) {
      const partition = keys.partitionOf(ref.tenantId);
      const reply = await scripts.run('explain', partition, [
        jobOf(ref),
        ref.tenantId,
        laneOf(ref, keys.seal),
      ]);
      return waitingOf(readFacts(jobOf(ref), reply as string[], requestMs), queue);
    },
  };
}

/** Reads the reply of explain.lua; its header has the order. */
export function readFacts(job: string, reply: readonly string[], requestMs: number): Facts {
  const text = (index: number) => reply[index] ?? '';
  const number = (index: number) => Number(text(index));
  const optional = (index: number) => (text(index) === '' ? null : number(index));
  const head = text(3);
  return {
    nowMs: number(0),
    entry: text(1),
    sequence: number(2),
    isHead: head === job,
    head: head === '' ? null : { sequence: number(4), jobId: idOf(head) },
    isHalted: text(5) === '1',
    isConfigured: text(6) === '1',
    pausedUntilMs: optional(7),
    pausedFor: text(8),
    mayTry: text(9) === '1',
    reservedAtMs: optional(10),
    lanesBefore: optional(11),
    lanesWaiting: number(12),
    isBelowLimit: text(13) === '1',
    underWay: number(14),
    inFlight: optional(15),
    heldFor: optional(16),
    headSendAtMs: optional(17),
    sendAtMs: optional(18),
    quietUntilMs: optional(19),
    requestMs,
  };
}
