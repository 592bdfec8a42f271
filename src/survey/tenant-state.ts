import type { Counts } from '../counts/fields.ts';
import type { Recent, RecentName } from '../counts/recent.ts';
import { type Percentiles, summaryOf } from '../counts/summary.ts';
import type { BucketSurvey } from '../flow/decisions.ts';
import type { BucketClass } from '../jobs/define.ts';
import type { EndpointView } from '../webhooks/records.ts';
import type { TenantSurvey } from './shape.ts';

/** `suspended`: Genesys Cloud refuses the credentials. `paused`: any other pause of a bucket. */
export const TENANT_STATES = ['running', 'paused', 'suspended'] as const;

/** Why a bucket gives no token. `operator` stands for the words of an operator. */
export const PAUSE_REASONS = [
  'rate-limited',
  'credentials-refused',
  'permission-missing',
  'circuit-open',
  'moving',
  'operator',
] as const;

export type PauseReason = (typeof PAUSE_REASONS)[number];

/** What a tenant does now, and what its jobs did lately. */
export interface TenantState {
  readonly id: string;
  readonly state: (typeof TENANT_STATES)[number];
  /** Of the bucket that is paused longest; null without a pause. */
  readonly reason: PauseReason | null;
  /** When that pause ends; null without a pause, and for one without an end. */
  readonly until: string | null;
  /** Accepted jobs that have not ended. */
  readonly waiting: number;
  /** Lanes whose job may run now. */
  readonly runnable: number;
  /** Lanes whose job waits for its turn. */
  readonly throttled: number;
  readonly inFlight: number;
  /** For how long a job has had its turn, and no worker has taken it; 0 without one. */
  readonly oldestRunnableSeconds: number;
  /** Age of the oldest job that waits for its turn; 0 without one. */
  readonly oldestWaitingSeconds: number;
  readonly buckets: readonly BucketState[];
  readonly minute: RecentSummary;
  readonly hour: RecentSummary;
  /** Endpoints that workers called lately, by state. */
  readonly endpoints: Readonly<Record<EndpointView['state'], number>>;
}

/** A bucket has the jobs of one class: messages, cards, or all other kinds. */
export interface BucketState {
  readonly class: BucketClass;
  readonly level: number;
  readonly burst: number;
  readonly inFlight: number;
  readonly runnable: number;
  readonly throttled: number;
  readonly oldestRunnableSeconds: number;
  readonly oldestWaitingSeconds: number;
  readonly reason: PauseReason | null;
  readonly until: string | null;
}

/** As a window, without its times. */
export interface RecentSummary {
  readonly counts: Counts;
  readonly deliveryRate: number | null;
  readonly successRate: number | null;
  readonly latency: Percentiles | null;
}

export interface TenantParts {
  readonly survey: TenantSurvey;
  readonly buckets: readonly BucketSurvey[];
  readonly recent: Recent;
  /** When the survey was taken, ms. */
  readonly atMs: number;
}

export function tenantState({ survey, buckets, recent, atMs }: TenantParts): TenantState {
  const states = buckets.map((bucket) => bucketState(bucket, atMs));
  const sum = (field: 'inFlight' | 'runnable' | 'throttled') =>
    states.reduce((total, state) => total + state[field], 0);
  const most = (field: 'oldestRunnableSeconds' | 'oldestWaitingSeconds') =>
    Math.max(0, ...states.map((state) => state[field]));
  return {
    id: survey.tenantId,
    ...pauseOf(states),
    waiting: survey.jobsWaiting,
    runnable: sum('runnable'),
    throttled: sum('throttled'),
    inFlight: sum('inFlight'),
    oldestRunnableSeconds: most('oldestRunnableSeconds'),
    oldestWaitingSeconds: most('oldestWaitingSeconds'),
    buckets: states,
    ...recentSummaries(recent),
    endpoints: survey.endpoints,
  };
}

/** The summaries of the last minute and hour. */
export function recentSummaries(recent: Recent): Readonly<Record<RecentName, RecentSummary>> {
  return { minute: summaryIn(recent, 'minute'), hour: summaryIn(recent, 'hour') };
}

function summaryIn(recent: Recent, name: RecentName): RecentSummary {
  const { counts, deliveryRate, successRate, latency } = summaryOf(recent[name]);
  return { counts, deliveryRate, successRate, latency };
}

function bucketState(survey: BucketSurvey, atMs: number): BucketState {
  const { pausedForMs } = survey;
  return {
    class: survey.bucketClass,
    level: survey.level,
    burst: survey.burst,
    inFlight: survey.inFlight,
    runnable: survey.lanesRunnable,
    throttled: survey.lanesThrottled,
    oldestRunnableSeconds: seconds(survey.oldestReadyMs),
    oldestWaitingSeconds: seconds(survey.oldestWaitingMs),
    reason: reasonOf(survey),
    until: pausedForMs > 0 ? new Date(atMs + pausedForMs).toISOString() : null,
  };
}

function reasonOf({ reason }: BucketSurvey): PauseReason | null {
  if (reason === '') return null;
  return PAUSE_REASONS.find((word) => word === reason) ?? 'operator';
}

/** Refused credentials stop a tenant as a whole, so they come first; then the pause that lasts longest. */
function pauseOf(buckets: readonly BucketState[]): Pick<TenantState, 'state' | 'reason' | 'until'> {
  const paused = buckets.filter(({ reason }) => reason !== null);
  const suspended = paused.filter(({ reason }) => reason === 'credentials-refused');
  const [longest] = [...(suspended.length > 0 ? suspended : paused)].sort((a, b) =>
    (b.until ?? '').localeCompare(a.until ?? ''),
  );
  if (!longest) return { state: 'running', reason: null, until: null };
  const { reason, until } = longest;
  return { state: suspended.length > 0 ? 'suspended' : 'paused', reason, until };
}

/** A tenth of a second is exact enough, and shorter to send. */
function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
