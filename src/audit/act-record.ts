import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { Clock } from '../core/clock.ts';
import type { AuditOutbox } from './outbox.ts';
import { type AuditRecord, type Details, INSTALLATION } from './record.ts';

/** Everything that an operator can do: a noun, and what became of it. */
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
  'callback.replayed',
  'callbacks.replayed',
  'endpoint.enabled',
  'tenants.reloaded',
] as const;

/** What an operator has done. */
export interface Act {
  /** Who did it: the id of an API key, or {@link commandLineUser}. */
  readonly by: string;
  readonly action: (typeof ACTIONS)[number];
  /** What was acted on: the id of a key, a job, a callback, an endpoint or a tenant. */
  readonly subject: string;
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
  const { by, action, subject, tenants, details } = act;
  const chains = tenants === 'all' ? [INSTALLATION] : tenants;
  return chains.map((tenantId) => ({
    tenantId,
    id: `act-${id}`,
    source: 'operator',
    occurredAt: new Date(atMs).toISOString(),
    action,
    status: 'done',
    details: { ...details, by, subject },
  }));
}

/** Names the user of the operating system who runs a command: `cli:ada`. */
export function commandLineUser(): string {
  return `cli:${userName()
    .replace(/[\p{C}\p{Z}]/gu, '_')
    .slice(0, 64)}`;
}

/** A container may run as a user that has a number and no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
