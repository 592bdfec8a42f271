import {
  createRecentReader,
  NOTHING_RECENT,
  type Recent,
  type RecentName,
  recentFrom,
  together,
} from '../counts/recent.ts';
import type { JobKind } from '../jobs/catalog.ts';
import type { EndpointView, WebhookRecords } from '../webhooks/records.ts';
import type { Survey } from './shape.ts';
import { type SurveyParts, takeSurvey } from './survey.ts';
import { type RecentSummary, recentSummaries, type TenantState, tenantState } from './tenant-state.ts';

/** What the installation does now, for the page and for `gwm top`. */
export interface Overview {
  /** The moment of the survey, by the clock of Redis. */
  readonly at: string;
  /** When the windows of the counts begin. */
  readonly from: Readonly<Record<RecentName, string>>;
  /** The tenants together. */
  readonly total: OverviewTotal;
  readonly tenants: readonly TenantState[];
  /** Some endpoints of each tenant that fail, or are paused or disabled. */
  readonly endpointsInTrouble: readonly EndpointView[];
  /** Of the installation, as `relay` and `redis`; null for a caller that may not see all tenants. */
  readonly workers: readonly WorkerRow[] | null;
  readonly relay: { readonly waiting: number; readonly lagSeconds: number } | null;
  readonly redis: RedisState | null;
}

export interface OverviewTotal {
  readonly waiting: number;
  readonly runnable: number;
  readonly throttled: number;
  readonly inFlight: number;
  readonly minute: RecentSummary;
  readonly hour: RecentSummary;
}

/** A worker with a heartbeat. One of an earlier version has nulls. */
export interface WorkerRow {
  readonly name: string;
  readonly version: string | null;
  readonly queues: readonly JobKind[] | null;
  readonly inHand: number | null;
  readonly startedAt: string | null;
  readonly beatAt: string | null;
}

export interface RedisState {
  /** Of the fullest master. */
  readonly memoryBytes: number;
  /** 0 without a limit. */
  readonly memoryLimitBytes: number;
  /** By how much the clock of a process differs most from that of Redis; 0 up to one second. */
  readonly clockSkewSeconds: number;
}

/** One look at Redis. Any number of callers take their overviews from it. */
export interface Snapshot {
  readonly survey: Survey;
  /** By tenant, in the order of the tenants file. */
  readonly tenants: ReadonlyMap<string, TenantState>;
  readonly recent: ReadonlyMap<string, Recent>;
  readonly endpointsInTrouble: readonly EndpointView[];
}

export interface OverviewParts extends Omit<SurveyParts, 'records'> {
  readonly records: Pick<WebhookRecords, 'endpoints' | 'endpoint'>;
}

/** A survey of another process that is older does not count as of now, ms. */
const SURVEY_AGE_MS = 2000;

/** @returns a function that looks at Redis once. */
export function createSnapshots(parts: OverviewParts): () => Promise<Snapshot> {
  const recentOf = createRecentReader(parts);
  return async function read() {
    const survey = await takeSurvey(parts, SURVEY_AGE_MS);
    const [recent, endpointsInTrouble] = await Promise.all([
      recentOf.of(survey.atMs),
      readTroubled(parts.records, survey),
    ]);
    return { survey, recent, endpointsInTrouble, tenants: statesIn(survey, recent) };
  };
}

function statesIn(survey: Survey, recent: Snapshot['recent']): ReadonlyMap<string, TenantState> {
  const { atMs } = survey;
  const buckets = Map.groupBy(survey.buckets, ({ tenantId }) => tenantId);
  return new Map(
    survey.tenants.map((each) => {
      const { tenantId } = each;
      const parts = { buckets: buckets.get(tenantId) ?? [], recent: recent.get(tenantId) ?? NOTHING_RECENT };
      return [tenantId, tenantState({ survey: each, atMs, ...parts })];
    }),
  );
}

async function readTroubled(
  records: Pick<WebhookRecords, 'endpoint'>,
  { tenants }: Survey,
): Promise<EndpointView[]> {
  const asked = tenants.flatMap(({ tenantId, troubled }) =>
    troubled.map((endpointId) => records.endpoint(tenantId, endpointId)),
  );
  const views = await Promise.all(asked);
  // An endpoint may be well again meanwhile.
  return views.filter((view) => view !== undefined && view.state !== 'well') as EndpointView[];
}

/**
 * The part of a snapshot that a caller may see.
 * @param tenantIds those that it asks for.
 * @param seesAll whether it may see what belongs to no tenant.
 */
export function overviewOf(snapshot: Snapshot, tenantIds: readonly string[], seesAll: boolean): Overview {
  const { survey, endpointsInTrouble } = snapshot;
  const asked = new Set(tenantIds);
  const tenants = [...snapshot.tenants.values()].filter(({ id }) => asked.has(id));
  return {
    at: new Date(survey.atMs).toISOString(),
    from: recentFrom(survey.atMs),
    total: totalOf(snapshot, tenants),
    tenants,
    endpointsInTrouble: endpointsInTrouble.filter(({ tenantId }) => asked.has(tenantId)),
    ...(seesAll ? installationOf(survey) : { workers: null, relay: null, redis: null }),
  };
}

/** Percentiles do not add up, so the counts of the tenants do. */
function totalOf({ recent }: Snapshot, tenants: readonly TenantState[]): OverviewTotal {
  const sum = (field: 'waiting' | 'runnable' | 'throttled' | 'inFlight') =>
    tenants.reduce((total, tenant) => total + tenant[field], 0);
  return {
    waiting: sum('waiting'),
    runnable: sum('runnable'),
    throttled: sum('throttled'),
    inFlight: sum('inFlight'),
    ...recentSummaries(together(tenants.map(({ id }) => recent.get(id) ?? NOTHING_RECENT))),
  };
}

function installationOf({ alive, relay, memory, clockSkewMs }: Survey) {
  return {
    workers: alive.map(({ name, version, queues, inHand, startedAtMs, beatAtMs }) => ({
      name,
      version,
      queues,
      inHand,
      startedAt: momentOf(startedAtMs),
      beatAt: momentOf(beatAtMs),
    })),
    relay: { waiting: relay.entries, lagSeconds: relay.oldestAgeMs / 1000 },
    redis: {
      memoryBytes: memory.used,
      memoryLimitBytes: memory.max,
      clockSkewSeconds: clockSkewMs / 1000,
    },
  };
}

function momentOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
