import { z } from 'zod';
import type { Tree } from '../../../content/json/tree.ts';
import { treeIssues } from '../../../content/json/tree-issues.ts';
import { checked } from '../../../core/checked.ts';
import { listOf, textOf } from '../../../core/shapes.ts';
import type { Operation } from '../../operation.ts';
import { genesysId, readAnswer } from '../../read-answer.ts';
import { MAX_PAGE_BYTES } from './cursor-list.ts';

/** Audit records of an organization (docs/platform.md#audit). A query is of one service. */

const PATH = '/api/v2/audits/query';
const VIEW = { names: ['audits:audit:view'] } as const;
const MAX_NAMES = 2000;

const name = textOf({ min: 1, max: 200 });

/** A service, and the names of its entities and their actions. */
export interface AuditedService {
  readonly name: string;
  readonly entities: readonly { readonly name: string; readonly actions: readonly string[] }[];
}

/** What a query asks for. */
export interface AuditQuestion {
  readonly service: string;
  /** Only records of this type of entity; undefined: of any. */
  readonly entity?: string | undefined;
  /** Only records of this action; undefined: of any. */
  readonly action?: string | undefined;
  /** ISO 8601, as `to`. `from` belongs to the interval, and `to` does not. */
  readonly from: string;
  readonly to: string;
}

/** One audit record. */
export interface PlatformAuditRecord {
  readonly id: string;
  /** ISO 8601, UTC, with milliseconds. */
  readonly occurredAt: string;
  readonly service: string;
  readonly entity: string;
  readonly action: string;
  readonly status: string | null;
  /** All other fields of the record. */
  readonly details: Tree;
}

export interface PlatformAuditPage {
  readonly records: readonly PlatformAuditRecord[];
  /** Entries without id, time or action, or with too deep details. */
  readonly unreadable: number;
}

const mappingShape = z.looseObject({
  services: listOf(
    z.looseObject({
      name,
      entities: listOf(
        z.looseObject({ name, actions: listOf(name, { max: MAX_NAMES }).nullish().catch([]) }),
        { max: MAX_NAMES },
      )
        .nullish()
        .catch([]),
    }),
    { max: MAX_NAMES },
  ),
});

/** Reads the names that queries may have: of realtime queries, or of all others. */
export const readServices: Operation<{ readonly isRealtime: boolean }, readonly AuditedService[]> = {
  name: 'audit.services',
  method: 'GET',
  maxAnswerBytes: MAX_PAGE_BYTES,
  permissions: VIEW,
  path: ({ isRealtime }) => `${PATH}${isRealtime ? '/realtime' : ''}/servicemapping`,
  body: () => undefined,
  read(answer) {
    const reading = { name: 'audit.services', shape: mappingShape, code: 'ANSWER_MALFORMED' } as const;
    return readAnswer(reading, answer).services.map(({ name, entities }) => ({
      name,
      entities: (entities ?? []).map((entity) => ({ name: entity.name, actions: entity.actions ?? [] })),
    }));
  },
};

/** Starts a query. Its result is there later. */
export const startQuery: Operation<AuditQuestion, { readonly transactionId: string }> = {
  name: 'audit.query',
  method: 'POST',
  permissions: VIEW,
  isQuery: true,
  path: () => PATH,
  body: filterOf,
  read(answer) {
    const shape = z.looseObject({ id: genesysId });
    return {
      transactionId: readAnswer({ name: 'audit.query', shape, code: 'ANSWER_MALFORMED' }, answer).id,
    };
  },
};

const QUERY_STATES = ['Queued', 'Running', 'Succeeded', 'Failed', 'Cancelled'] as const;

export type QueryState = (typeof QUERY_STATES)[number];

/** Reads the state of a query. `Cancelled` also stands for a query that is no longer known. */
export const readQuery: Operation<{ readonly transactionId: string }, QueryState> = {
  name: 'audit.state',
  method: 'GET',
  permissions: VIEW,
  accepts: [404],
  path: ({ transactionId }) => `${PATH}/${encodeURIComponent(transactionId)}`,
  body: () => undefined,
  read(answer, status) {
    if (status === 404) return 'Cancelled';
    const shape = z.looseObject({ state: z.enum(QUERY_STATES) });
    return readAnswer({ name: 'audit.state', shape, code: 'ANSWER_MALFORMED' }, answer).state;
  },
};

interface ResultsRequest {
  readonly transactionId: string;
  readonly cursor: string | null;
  readonly pageSize: number;
}

/** A page of results. The last one has no cursor. */
export type ResultsPage = PlatformAuditPage & { readonly cursor: string | null };

const resultsShape = z.looseObject({
  entities: z.array(z.unknown()),
  cursor: textOf({ max: 4000 }).nullish(),
});

/**
 * Reads one page of the result of a query that has succeeded. Without `allowRedirect` the answer has
 * the records themselves, and leads to no other host.
 */
export const readResults: Operation<ResultsRequest, ResultsPage> = {
  name: 'audit.results',
  method: 'GET',
  maxAnswerBytes: MAX_PAGE_BYTES,
  permissions: VIEW,
  path({ transactionId, cursor, pageSize }) {
    const query = new URLSearchParams({ pageSize: String(pageSize), allowRedirect: 'false' });
    if (cursor !== null) query.set('cursor', cursor);
    return `${PATH}/${encodeURIComponent(transactionId)}/results?${query}`;
  },
  body: () => undefined,
  read(answer) {
    const reading = { name: 'audit.results', shape: resultsShape, code: 'ANSWER_MALFORMED' } as const;
    const { entities, cursor } = readAnswer(reading, answer);
    return { ...recordsIn(entities), cursor: cursor || null };
  },
};

type RealtimeRequest = AuditQuestion & { readonly pageNumber: number; readonly pageSize: number };

/** A page of a realtime query; `pageCount` is null if the answer does not say it. */
export type RealtimePage = PlatformAuditPage & { readonly pageCount: number | null };

const realtimeShape = z.looseObject({
  entities: z.array(z.unknown()),
  pageCount: z.number().int().min(0).nullish().catch(undefined),
});

/** Asks for one page of the records of the last days. The answer has it at once. */
export const queryRealtime: Operation<RealtimeRequest, RealtimePage> = {
  name: 'audit.realtime',
  method: 'POST',
  maxAnswerBytes: MAX_PAGE_BYTES,
  permissions: VIEW,
  isQuery: true,
  path: () => `${PATH}/realtime`,
  body: ({ pageNumber, pageSize, ...question }) => ({ ...filterOf(question), pageNumber, pageSize }),
  read(answer) {
    const reading = { name: 'audit.realtime', shape: realtimeShape, code: 'ANSWER_MALFORMED' } as const;
    const { entities, pageCount } = readAnswer(reading, answer);
    return { ...recordsIn(entities), pageCount: pageCount ?? null };
  },
};

/** The oldest record comes first, so that records of the meantime move no page. */
function filterOf({ service, entity, action, from, to }: AuditQuestion) {
  return {
    interval: `${from}/${to}`,
    serviceName: service,
    filters: [
      ...(entity === undefined ? [] : [{ property: 'EntityType', value: entity }]),
      ...(action === undefined ? [] : [{ property: 'Action', value: action }]),
    ],
    sort: [{ name: 'Timestamp', sortOrder: 'ascending' }],
  };
}

const recordShape = z.looseObject({
  id: genesysId,
  eventDate: z.iso.datetime({ offset: true }),
  serviceName: name,
  entityType: name,
  action: name,
  status: textOf({ max: 40 }).nullish().catch(undefined),
});

/** An unusable record is counted: the other records of the page must be stored. */
function recordsIn(entities: readonly unknown[]): PlatformAuditPage {
  const records = entities.map(readRecord).filter((record) => record !== undefined);
  return { records, unreadable: entities.length - records.length };
}

function readRecord(raw: unknown): PlatformAuditRecord | undefined {
  const parsed = checked(recordShape, raw);
  if (!parsed.ok) return undefined;
  const { id, eventDate, serviceName, entityType, action, status } = parsed.data;
  const others = Object.entries(parsed.data).filter(([field]) => !Object.hasOwn(recordShape.shape, field));
  const details = Object.fromEntries(others);
  if (treeIssues({ details }, 'record').length > 0) return undefined;
  return {
    id,
    occurredAt: new Date(eventDate).toISOString(),
    service: serviceName,
    entity: entityType,
    action,
    status: status ?? null,
    details: details as Tree,
  };
}
