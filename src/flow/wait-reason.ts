/**
 * Why a job waits, as one machine word:
 *
 * - `order`: behind another job of its conversation; `halted`: that job failed and halts them, or is this job.
 * - `rate`: it has a reservation; `queue`: its lane is in the wait queue; `concurrency`: so it is, and too many
 *   requests of the tenant are under way.
 * - `scheduled`: its `sendAt` is to come; `quiet-hours`: so is the end of the quiet hours of its tenant.
 * - `moving`: its tenant moves to another partition, and its older jobs come first.
 * - `paused`, `circuit-open`: no job of the bucket may go. `unconfigured`: no worker knows the tenant.
 * - `retry`: it waits for its next attempt; `steps`: for the jobs that it began.
 * - `held`: it may have been delivered, and an operator decides.
 * - `endpoint-paused`, `endpoint-busy`: of a callback: its endpoint is paused, or has no permit left.
 * - `none`: a worker has it, takes it next, or it has ended.
 */
export const WAIT_REASONS = [
  'order',
  'scheduled',
  'quiet-hours',
  'rate',
  'queue',
  'paused',
  'circuit-open',
  'unconfigured',
  'moving',
  'concurrency',
  'retry',
  'steps',
  'held',
  'halted',
  'endpoint-paused',
  'endpoint-busy',
  'none',
] as const;

export type WaitReason = (typeof WAIT_REASONS)[number];

export interface Waiting {
  readonly reason: WaitReason;
  /** One sentence for people. */
  readonly sentence: string;
  /**
   * ISO time before which no worker sends the job, unless an operator ends a pause or the tenant gets another limit;
   * null when no such moment is known.
   */
  readonly until: string | null;
  /** The job of its conversation that must end first. */
  readonly behind?: { readonly sequence: number; readonly jobId: string };
  /** Place of its lane in the wait queue of the bucket, from 1. */
  readonly position?: number;
  /** Why the bucket is paused. */
  readonly pausedFor?: string;
}

/** The state of a job in BullMQ. */
export interface QueueState {
  /** Undefined when BullMQ does not have the job. */
  readonly state: string | undefined;
  /** The code of its last failure. */
  readonly failedCode?: string | undefined;
  /** The steps that it began, and that have not ended. */
  readonly pendingSteps?: number | undefined;
}

/** What explain.lua knows. Moments are ms since the epoch; null is none. */
export interface Facts {
  readonly nowMs: number;
  /** The ledger's entry. */
  readonly entry: string;
  /** 0: its lane does not have it. */
  readonly sequence: number;
  readonly isHead: boolean;
  readonly head: { readonly sequence: number; readonly jobId: string } | null;
  /** The head failed, and its lane waits for an operator. */
  readonly isHalted: boolean;
  readonly isConfigured: boolean;
  readonly pausedUntilMs: number | null;
  readonly pausedFor: string;
  /** The circuit is closed, or this lane probes. */
  readonly mayTry: boolean;
  readonly reservedAtMs: number | null;
  /** Lanes in front of it in the wait queue; null: it is not there. */
  readonly lanesBefore: number | null;
  readonly lanesWaiting: number;
  readonly isBelowLimit: boolean;
  readonly underWay: number;
  readonly inFlight: number | null;
  /** The partition with older jobs of its tenant, while that moves; null when it does not. */
  readonly heldFor: number | null;
  /** `sendAt` of the head, if it is to come. */
  readonly headSendAtMs: number | null;
  /** `sendAt` of the job, if it is to come. */
  readonly sendAtMs: number | null;
  /** End of the quiet hours that hold the head back, now or at its `sendAt`. */
  readonly quietUntilMs: number | null;
  /** Longest time that an attempt may take. */
  readonly requestMs: number;
}
