import { CodedError } from '../core/errors.ts';
import type { JobResult } from '../core/outcome.ts';
import { jobRefOf } from '../flow/job-ref.ts';
import type { JobKind } from '../jobs/catalog.ts';
import { type Envelope, envelope } from '../jobs/envelope.ts';
import { openResult, openText } from '../seal/job-values.ts';
import { type Destination, submit } from './submit.ts';

/** A job that starts other jobs and waits for them. */
export interface Parent {
  readonly kind: JobKind;
  readonly tenantId: string;
  readonly jobId: string;
}

/** A job to start, of the kind of its parent. */
export interface Child {
  /** Unique within its parent. The id of the job is the parent's id, `-` and this name. */
  readonly name: string;
  /** Another tenant in the partition of the parent's; that of the parent by default. */
  readonly tenantId?: string;
  readonly payload: Envelope['payload'];
}

/** The state of a child job. */
export type ChildState =
  | { readonly status: 'pending' }
  | { readonly status: 'done'; readonly result: JobResult }
  /** `reason` begins with a code; `reasonOf` in src/runtime/settle.ts writes it. */
  | { readonly status: 'failed'; readonly reason: string };

/**
 * Jobs that jobs start: the flows of BullMQ. BullMQ runs a parent again when all its children have
 * ended. Each child has a lane, tokens and a ledger entry like every other job.
 */
export interface Children {
  /**
   * The states of a job's children, by name. Empty when the job is gone or belongs to another
   * tenant.
   */
  of(parent: Parent): Promise<ReadonlyMap<string, ChildState>>;
  /**
   * Starts the children that the parent lacks. The parent must be running: BullMQ adds no child to
   * a parent that is gone.
   */
  begin(parent: Parent, children: readonly Child[]): Promise<void>;
}

export function createChildren(destination: Destination): Children {
  const { queues, keys } = destination;

  async function statesOf({ kind, tenantId, jobId }: Parent): Promise<Map<string, ChildState>> {
    const queue = queues.of(kind, tenantId);
    const opened = envelope.safeParse((await queue.getJob(jobId))?.data);
    if (opened.data?.tenantId !== tenantId) return new Map();
    const before = `${queue.toKey(jobId)}-`;
    const { processed, ignored, unprocessed } = await queue.getBackend().getDependencies(jobId);
    const idOf = (key: string) => key.slice(queue.toKey('').length);
    const done = ([key, stored]: [string, unknown]): [string, ChildState] => {
      return [key, { status: 'done', result: openResult(keys.seal, idOf(key), stored) as JobResult }];
    };
    const failed = ([key, reason]: [string, string]): [string, ChildState] => {
      return [key, { status: 'failed', reason: openText(keys.seal, 'reason', idOf(key), reason) }];
    };
    const states: [string, ChildState][] = [
      ...Object.entries(processed ?? {}).map(done),
      ...Object.entries(ignored ?? {}).map(failed),
      ...(unprocessed ?? []).map(pending),
    ];
    return new Map(states.map(([key, state]) => [key.slice(before.length), state]));
  }

  /** BullMQ and our scripts keep a parent and its children in one hash slot. */
  function requireSamePartition(owner: string, tenantId: string): void {
    if (owner === tenantId || keys.layout.placesOf(owner).includes(queues.partitionOf(tenantId))) return;
    throw new CodedError(
      'CAPABILITY_UNAVAILABLE',
      `the tenant ${owner} is in another partition than the job; enqueue a job for each tenant`,
    );
  }

  return {
    of: statesOf,

    async begin(parent, children) {
      const { kind, tenantId, jobId: parentId } = parent;
      // Inserted again, a failed child would make its parent wait once more.
      const begun = await statesOf(parent);
      const entries = children
        .filter(({ name }) => !begun.has(name))
        .map(({ name, payload, tenantId: owner = tenantId }, index) => {
          requireSamePartition(owner, tenantId);
          const ref = jobRefOf(kind, owner, `${parentId}-${name}`, payload);
          return { index, jobs: [{ tenantId: owner, ref, payload, parentId }] };
        });
      if (entries.length > 0) await submit(destination, kind, entries);
    },
  };
}

/** Whether an id is the id of a child. Other ids have no name after them. */
export function isChildId(jobId: string): boolean {
  return /^[jk][a-z0-9]+-[a-z]/.test(jobId);
}

function pending(key: string): [string, ChildState] {
  return [key, { status: 'pending' }];
}
