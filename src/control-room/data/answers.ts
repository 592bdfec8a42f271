import type { Bucket, DetailedJob, Endpoint, Job, TenantWindow } from '../../client/types.ts';

/** Answers of the API that the page shows. */

export type Waiting = DetailedJob['waiting'];

export interface Recent {
  readonly counts: TenantWindow['counts'];
  readonly deliveryRate: number | null;
  readonly successRate: number | null;
  readonly latency: TenantWindow['latency'];
}

export interface TenantState {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly until: string | null;
  readonly waiting: number;
  readonly runnable: number;
  readonly throttled: number;
  readonly inFlight: number;
  readonly oldestRunnableSeconds: number;
  readonly oldestWaitingSeconds: number;
  readonly buckets: readonly { readonly class: string; readonly level: number; readonly burst: number }[];
  readonly minute: Recent;
  readonly hour: Recent;
  readonly endpoints: Readonly<Record<Endpoint['state'], number>>;
}

export interface WorkerState {
  readonly name: string;
  readonly version: string | null;
  readonly queues: readonly string[] | null;
  readonly inHand: number | null;
  readonly startedAt: string | null;
  readonly beatAt: string | null;
}

export interface Overview {
  readonly at: string;
  readonly total: {
    readonly waiting: number;
    readonly runnable: number;
    readonly throttled: number;
    readonly inFlight: number;
    readonly minute: Recent;
    readonly hour: Recent;
  };
  readonly tenants: readonly TenantState[];
  readonly endpointsInTrouble: readonly Endpoint[];
  readonly workers: readonly WorkerState[] | null;
  readonly relay: { readonly waiting: number; readonly lagSeconds: number } | null;
  readonly redis: { readonly memoryBytes: number; readonly memoryLimitBytes: number; readonly clockSkewSeconds: number } | null;
}

export interface Series {
  readonly from: string;
  readonly stepSeconds: number;
  readonly points: readonly {
    readonly at: string;
    readonly counts: TenantWindow['counts'];
    readonly latency: TenantWindow['latency'];
  }[];
}

export interface ConversationAnswer {
  readonly jobs: readonly (Job & { readonly sequence: number; readonly waiting: Waiting })[];
  readonly jobsWaiting: number;
  readonly cursor: string | null;
}

export interface SearchAnswer {
  readonly found: readonly { readonly by: string; readonly job: Job }[];
  readonly forgotten: readonly { readonly jobId: string; readonly kind: string; readonly ending: string }[];
  readonly seen: number;
  readonly cursor: string | null;
}

export interface TimelineAnswer {
  readonly events: readonly { readonly at: string | null; readonly event: string; readonly sentence?: string }[];
}

export interface DeadLetterGroup {
  readonly code: string | null;
  readonly title: string | null;
  readonly hint: string | null;
  readonly count: number;
  readonly oldest: string;
  readonly newest: string;
}

export interface DeadLetterAnswer {
  readonly groups: readonly DeadLetterGroup[];
  readonly seen: number;
  readonly cursor: string | null;
}

export type BucketState = Bucket;
