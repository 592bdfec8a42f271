import { randomUUID } from 'node:crypto';
import { perTenant } from '../../per-tenant.ts';
import type { SettingsHolder } from '../settings.ts';
import type { AuditLog, AuditLogRecord } from './audit-log.ts';
import type { AuditFilter } from './filter.ts';
import { recordsFor } from './filter.ts';
import type { queryEnds } from './settings.ts';

/** The state in which a query ends. */
export type QueryEnd = (typeof queryEnds)[number];

/** The state of a query. */
export type QueryState = 'Queued' | 'Running' | QueryEnd;

/** An asynchronous query. Its records are those that can be seen when it ends. */
export interface AuditQuery {
  readonly id: string;
  readonly tenant: string;
  readonly filter: AuditFilter;
  readonly startedAtMs: number;
  readonly runsAtMs: number;
  readonly endsAtMs: number;
  readonly end: QueryEnd;
  /** Null until the first read after the end. */
  records: readonly AuditLogRecord[] | null;
}

/** The queries of all tenants. */
export interface AuditQueries {
  start(tenant: string, filter: AuditFilter, nowMs: number): AuditQuery;
  /** Undefined for an unknown query, and for one that is no longer kept. */
  find(tenant: string, id: string, nowMs: number): AuditQuery | undefined;
  /** The result of a query that has ended. */
  recordsOf(query: AuditQuery): readonly AuditLogRecord[];
  /** The next queries of a tenant end like this, one each. Later ones succeed. */
  planEnds(tenant: string, ends: readonly QueryEnd[]): void;
}

export function createAuditQueries(settings: SettingsHolder, log: AuditLog): AuditQueries {
  const queries = new Map<string, AuditQuery>();
  const plannedEndsOf = perTenant((): QueryEnd[] => []);

  return {
    start(tenant, filter, nowMs) {
      const { queuedForMs, runningForMs } = settings.current.audits;
      const query: AuditQuery = {
        id: randomUUID(),
        tenant,
        filter,
        startedAtMs: nowMs,
        runsAtMs: nowMs + queuedForMs,
        endsAtMs: nowMs + queuedForMs + runningForMs,
        end: plannedEndsOf(tenant).shift() ?? 'Succeeded',
        records: null,
      };
      queries.set(query.id, query);
      return query;
    },
    find(tenant, id, nowMs) {
      const { keptForMs } = settings.current.audits;
      const found = queries.get(id);
      if (found === undefined || found.tenant !== tenant) return undefined;
      return keptForMs !== null && nowMs >= found.endsAtMs + keptForMs ? undefined : found;
    },
    recordsOf(query) {
      query.records ??= recordsFor(log.visible(query.tenant, query.endsAtMs), query.filter);
      return query.records;
    },
    planEnds(tenant, ends) {
      plannedEndsOf(tenant).splice(0, Infinity, ...ends);
    },
  };
}

/** The state of a query by now. */
export function stateOf({ runsAtMs, endsAtMs, end }: AuditQuery, nowMs: number): QueryState {
  if (nowMs < runsAtMs) return 'Queued';
  return nowMs < endsAtMs ? 'Running' : end;
}
