import { randomUUID } from 'node:crypto';
import { perTenant } from '../per-tenant.ts';
import type { Organizations } from './organizations.ts';

// The states of a replication. It has no timer: the next call does what is due by then, and records
// it under the time at which it was due. All targets become active together, at the end.
//
//   queued ──a quarter of its duration──▶ running ──the rest──▶ completed  all targets are active
//                                                               partial    some targets are active
//                                                               failed     no target is active

/** The input of a replication. */
export interface ReplicationOrder {
  readonly sourceOrganizationId: string;
  readonly targetOrganizationIds: readonly string[];
  /** False: a target that has its own configuration keeps it. */
  readonly overwriteExisting: boolean;
}

/** The state of one target. */
export interface ReplicationTarget {
  readonly organizationId: string;
  readonly status: 'pending' | 'active' | 'failed';
  /** The version that is active there. Null before the target is active. */
  readonly version: number | null;
  readonly error?: string;
}

/** The state of a replication at one moment. */
export interface Replication {
  readonly id: string;
  readonly status: 'queued' | 'running' | 'completed' | 'partial' | 'failed';
  readonly targets: readonly ReplicationTarget[];
  /** The time of the request. */
  readonly startedAtMs: number;
  /** Null before its end. */
  readonly completedAtMs: number | null;
}

/** The settings that a test may change. An absent one stays as it is. */
export interface ReplicationSettings {
  /** The duration of replications that start from now on. */
  durationMs?: number;
  /** The targets that fail in every replication that ends from now on. */
  failing?: readonly string[];
}

/** The replications of all tenants. */
export interface Replications {
  /** Starts a replication. @returns its id */
  start(tenant: string, clientId: string, order: ReplicationOrder, nowMs: number): string;
  /** Undefined when the tenant has no replication of this id. */
  find(tenant: string, id: string, nowMs: number): Replication | undefined;
  /** Does what is due. Call it before every read of an organization. */
  catchUp(nowMs: number): void;
  configure(tenant: string, settings: ReplicationSettings): void;
}

interface Entry {
  readonly id: string;
  readonly tenant: string;
  readonly clientId: string;
  readonly order: ReplicationOrder;
  readonly startedAtMs: number;
  readonly runsAtMs: number;
  readonly completesAtMs: number;
  targets: readonly ReplicationTarget[];
}

const DEFAULT_DURATION_MS = 300;
const QUEUED_SHARE = 0.25;

export function createReplications(organizations: Organizations): Replications {
  const settingsOf = perTenant(() => ({
    durationMs: DEFAULT_DURATION_MS,
    failing: [] as readonly string[],
  }));
  const entriesOf = perTenant(() => new Map<string, Entry>());
  let underWay: Entry[] = [];

  function catchUp(nowMs: number): void {
    const due = underWay.filter(({ completesAtMs }) => completesAtMs <= nowMs);
    if (due.length === 0) return;
    underWay = underWay.filter((entry) => !due.includes(entry));
    for (const entry of due.toSorted((a, b) => a.completesAtMs - b.completesAtMs)) complete(entry);
  }

  function complete(entry: Entry): void {
    const { failing } = settingsOf(entry.tenant);
    entry.targets = entry.order.targetOrganizationIds.map((organizationId) =>
      failing.includes(organizationId)
        ? failed(organizationId, 'The organization did not activate the configuration.')
        : activate(organizations, entry, organizationId),
    );
  }

  return {
    catchUp,
    start(tenant, clientId, order, nowMs) {
      const { durationMs } = settingsOf(tenant);
      const entry: Entry = {
        id: randomUUID(),
        tenant,
        clientId,
        order,
        startedAtMs: nowMs,
        runsAtMs: nowMs + durationMs * QUEUED_SHARE,
        completesAtMs: nowMs + durationMs,
        targets: order.targetOrganizationIds.map(pending),
      };
      entriesOf(tenant).set(entry.id, entry);
      underWay.push(entry);
      return entry.id;
    },
    find(tenant, id, nowMs) {
      catchUp(nowMs);
      const entry = entriesOf(tenant).get(id);
      if (entry === undefined) return undefined;
      const { targets, startedAtMs, completesAtMs } = entry;
      const status = statusOf(entry, nowMs);
      const hasEnded = status !== 'queued' && status !== 'running';
      return { id, status, targets, startedAtMs, completedAtMs: hasEnded ? completesAtMs : null };
    },
    configure(tenant, { durationMs, failing }) {
      const settings = settingsOf(tenant);
      settings.durationMs = durationMs ?? settings.durationMs;
      settings.failing = failing ?? settings.failing;
    },
  };
}

/** Copies the configuration to a target, or leaves the target its own. Both make it active. */
function activate(organizations: Organizations, entry: Entry, organizationId: string): ReplicationTarget {
  const { tenant, clientId, order, completesAtMs } = entry;
  const target = organizations.of(tenant, organizationId);
  if (!target.isAssigned) return failed(organizationId, 'The organization is not assigned to the client.');
  if (target.isConfigured && !order.overwriteExisting) return active(organizationId, target.version);
  const { configuration } = organizations.of(tenant, order.sourceOrganizationId);
  const authorship = { clientId, atMs: completesAtMs };
  const { version } = organizations.change(tenant, organizationId, configuration, authorship);
  return active(organizationId, version);
}

function statusOf({ targets, runsAtMs }: Entry, nowMs: number): Replication['status'] {
  if (targets.some(({ status }) => status === 'pending')) return nowMs < runsAtMs ? 'queued' : 'running';
  const activeCount = targets.filter(({ status }) => status === 'active').length;
  if (activeCount === targets.length) return 'completed';
  return activeCount === 0 ? 'failed' : 'partial';
}

function pending(organizationId: string): ReplicationTarget {
  return { organizationId, status: 'pending', version: null };
}

function active(organizationId: string, version: number): ReplicationTarget {
  return { organizationId, status: 'active', version };
}

function failed(organizationId: string, error: string): ReplicationTarget {
  return { organizationId, status: 'failed', version: null, error };
}
