import { randomUUID } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { AuditOutbox } from './outbox.ts';
import { type AuditRecord, type Details, INSTALLATION } from './record.ts';

/** Everything that an operator can do: a noun, and what becomes of it. */
export const ACTIONS = [
  'key.created',
  'key.rotated',
  'key.revoked',
  'job.cancelled',
  'job.retried',
  'jobs.cancelled',
  'jobs.retried',
  'tenant.paused',
  'tenant.resumed',
  'tenant.moved',
  'partitions.raised',
  'tenants.reloaded',
  'callback.replayed',
  'callbacks.replayed',
  'endpoint.enabled',
  'endpoint.tested',
  'schedule.set',
  'schedule.removed',
  'values.rewrapped',
  'customer.erased',
] as const;

export type Action = (typeof ACTIONS)[number];

/**
 * How an act ended. `nothing`: it found nothing to act on. `refused`: the state of its subject does
 * not allow it. `failed`: an error ended it, perhaps in the middle. An act on many jobs first has a
 * record `begun`, so that an act whose process dies has one.
 */
export const ACT_STATUSES = ['begun', 'done', 'nothing', 'refused', 'failed'] as const;

export type ActStatus = (typeof ACT_STATUSES)[number];

/** Who acts. */
export interface Who {
  /** The id of an API key, `cli:` and the user of a command, or `signal:` and the signal. */
  readonly by: string;
  /** The name of the API key. */
  readonly keyName?: string;
  /** The machine of the command, or of the process that got the signal. */
  readonly host?: string;
}

/** What an operator has done, or tried to do. */
export interface Act extends Who {
  readonly action: Action;
  readonly status: ActStatus;
  /**
   * What was acted on: the id of a key, a job, a callback, an endpoint or a tenant. Null when there
   * is none, and its id does not have the form of ours: the text may be a secret.
   */
  readonly subject: string | null;
  /** The tenants that it concerns; `all` for the installation. */
  readonly tenants: readonly string[] | 'all';
  /** Ids, numbers and words of contracts. Never a secret, and never the text of a customer. */
  readonly details?: Details;
}

/** Records what operators do. */
export interface Acts {
  /**
   * Records an act that was done. Rejects when Redis does not take the record: a full Redis still
   * lets an operator revoke a key, and the caller reports that the record is missing.
   */
  note(act: Act): Promise<void>;
}

export function createActs({ outbox, clock }: { outbox: AuditOutbox; clock: Clock }): Acts {
  return {
    async note(act) {
      for (const record of actRecordsOf(act, clock.now(), randomUUID())) await outbox.note(record);
    },
  };
}

/**
 * The audit records of an act: one in the chain of each tenant that it concerns, or one in that of
 * the installation. A record does not name the other tenants.
 * @param id tells two equal acts apart.
 */
export function actRecordsOf(act: Act, atMs: number, id: string): AuditRecord[] {
  const { by, keyName, host, action, status, subject, tenants, details } = act;
  const who = { by, ...(keyName !== undefined && { keyName }), ...(host !== undefined && { host }) };
  const chains = tenants === 'all' ? [INSTALLATION] : tenants;
  return chains.map((tenantId) => ({
    tenantId,
    id: `act-${id}`,
    source: 'operator',
    occurredAt: new Date(atMs).toISOString(),
    action,
    status,
    details: { ...details, ...who, subject },
  }));
}
