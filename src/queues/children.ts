import type { JobResult } from '../core/outcome.ts';
import { jobRefOf } from '../flow/job-ref.ts';
import type { JobKind } from '../jobs/catalog.ts';
import { type Envelope, envelope } from '../jobs/envelope.ts';
import { type Destination, submit } from './submit.ts';

/** A job that other jobs begin and wait for. */
export interface Parent {
  readonly kind: JobKind;
  readonly tenantId: string;
  readonly jobId: string;
}

/** A job to be begun: one of its parent's kind and tenant. */
export interface Child {
  /** Its own among those of its parent. Its job has this behind the parent's id. */
  readonly name: string;
  readonly payload: Envelope['payload'];
}

/** What has become of a job that another one has begun. */
export type ChildState =
  | { readonly status: 'pending' }
  | { readonly status: 'done'; readonly result: JobResult }
  /** @see reasonOf in src/runtime/settle.ts, which writes the reason: a code first. */
  | { readonly status: 'failed'; readonly reason: string };

/**
 * Jobs that are begun by jobs: the flows of BullMQ, which tells a parent when all its children have ended. Each child has
 * its lane, its tokens and its place in the ledger like every other job.
 */
export interface Children {
  /**
   * What has become of the children that a job has begun, by their names. Of a job that is gone, or is another tenant's,
   * nothing is known.
   */
  of(parent: Parent): Promise<ReadonlyMap<string, ChildState>>;
  /** Begins those children that the parent does not have yet. It must be under way: BullMQ adds none to one that is gone. */
  begin(parent: Parent, children: readonly Child[]): Promise<void>;
}

export function createChildren(destination: Destination): Children {
  const { queues } = destination;

  async function statesOf({ kind, tenantId, jobId }: Parent): Promise<Map<string, ChildState>> {
    const queue = queues.of(kind, tenantId);
    const opened = envelope.safeParse((await queue.getJob(jobId))?.data);
    if (opened.data?.tenantId !== tenantId) return new Map();
    const before = `${queue.toKey(jobId)}-`;
    const { processed, ignored, unprocessed } = await queue.getBackend().getDependencies(jobId);
    const states: [string, ChildState][] = [
      ...Object.entries(processed ?? {}).map(done),
      ...Object.entries(ignored ?? {}).map(failed),
      ...(unprocessed ?? []).map(pending),
    ];
    return new Map(states.map(([key, state]) => [key.slice(before.length), state]));
  }

  return {
    of: statesOf,

    async begin(parent, children) {
      const { kind, tenantId, jobId: parentId } = parent;
      // One that has failed would be waited for once more if it were inserted again.
      const begun = await statesOf(parent);
      const entries = children
        .filter(({ name }) => !begun.has(name))
        .map(({ name, payload }, index) => {
          const ref = jobRefOf(kind, tenantId, `${parentId}-${name}`, payload);
          return { index, jobs: [{ tenantId, ref, payload, parentId }] };
        });
      if (entries.length > 0) await submit(destination, kind, entries);
    },
  };
}

/** Whether an id is that of a job which another one has begun: ids of their own have no word behind them. */
export function isChildId(jobId: string): boolean {
  return /^[jk][a-z0-9]+-[a-z]/.test(jobId);
}

function done([key, result]: [string, unknown]): [string, ChildState] {
  return [key, { status: 'done', result: result as JobResult }];
}

function failed([key, reason]: [string, string]): [string, ChildState] {
  return [key, { status: 'failed', reason }];
}

function pending(key: string): [string, ChildState] {
  return [key, { status: 'pending' }];
}
