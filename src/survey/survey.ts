import { readBacklog, togetherWaiting } from '../audit/stream.ts';
import { checked } from '../core/checked.ts';
import { parseJson } from '../core/json.ts';
import type { BucketSurvey } from '../flow/decisions.ts';
import type { Flow } from '../flow/flow.ts';
import { usedBuckets } from '../queues/buckets.ts';
import type { RedisClient } from '../redis/connect.ts';
import { isOutOfMemory } from '../redis/failure.ts';
import type { Keys } from '../redis/keys.ts';
import { readMemory } from '../redis/memory.ts';
import { redisTimeMs } from '../redis/redis-time.ts';
import { readClockSkews } from '../runtime/clock-watch.ts';
import { readWorkers } from '../runtime/worker-states.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import type { EndpointView, WebhookRecords } from '../webhooks/records.ts';
import { type Survey, surveyShape, type TenantSurvey } from './shape.ts';

export interface SurveyParts {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly flow: Pick<Flow, 'survey' | 'countWaiting'>;
  readonly tenants: TenantRegistry;
  readonly records: Pick<WebhookRecords, 'endpoints'>;
}

/** How long a survey counts, ms. Prometheus and a page ask more often, and many processes ask. */
const LIFE_MS = 5000;
/** Buckets of one script. Redis serves no other client while it runs. */
const BUCKETS_AT_ONCE = 50;
/** Endpoints in trouble that a survey names of each tenant. */
const TROUBLED_OF_TENANT = 5;

/** Pauses that flow control makes. Any other reason is the text of an operator, and is not shown. */
const REASONS: ReadonlySet<string> = new Set([
  '',
  'rate-limited',
  'credentials-refused',
  'permission-missing',
  'circuit-open',
  'moving',
]);

/**
 * Surveys the installation, or takes the survey of another process that is a few seconds old.
 * @param maxAgeMs an older survey is not taken.
 */
export async function takeSurvey(parts: SurveyParts, maxAgeMs: number = LIFE_MS): Promise<Survey> {
  const { client, keys } = parts;
  const [text, nowMs] = await Promise.all([client.get(keys.survey()), redisTimeMs(client)]);
  // Another version of the program may have written it.
  const known = checked(surveyShape, parseJson(text ?? ''));
  if (known.ok && nowMs - known.data.atMs <= maxAgeMs) return known.data;
  const survey = await surveyAll(parts, nowMs);
  await client.set(keys.survey(), JSON.stringify(survey), 'PX', LIFE_MS).catch((error: unknown) => {
    // A full Redis shows what it has.
    if (!isOutOfMemory(error)) throw error;
  });
  return survey;
}

async function surveyAll(parts: SurveyParts, atMs: number): Promise<Survey> {
  const { client, keys } = parts;
  const [buckets, tenants, alive, clockSkewMs, memory, backlogs] = await Promise.all([
    surveyBuckets(parts),
    Promise.all(parts.tenants.ids().map((tenantId) => surveyTenant(parts, tenantId))),
    readWorkers(client, keys),
    worstSkewMs(parts, atMs),
    readMemory(client),
    Promise.all(keys.partitions().map((partition) => readBacklog(client, keys.auditStream(partition)))),
  ]);
  const relay = togetherWaiting(backlogs);
  return { atMs, buckets, tenants, workers: alive.length, alive, relay, clockSkewMs, memory };
}

async function surveyBuckets({ keys, flow, tenants }: SurveyParts): Promise<BucketSurvey[]> {
  const surveys: BucketSurvey[] = [];
  for (const [partition, refs] of Map.groupBy(usedBuckets(tenants), ({ tenantId }) =>
    keys.partitionOf(tenantId),
  )) {
    for (let at = 0; at < refs.length; at += BUCKETS_AT_ONCE)
      surveys.push(...(await flow.survey(partition, refs.slice(at, at + BUCKETS_AT_ONCE))));
  }
  return surveys.map((survey) => (REASONS.has(survey.reason) ? survey : { ...survey, reason: 'operator' }));
}

async function surveyTenant({ keys, flow, records }: SurveyParts, tenantId: string): Promise<TenantSurvey> {
  const places = keys.layout.placesOf(tenantId);
  const [views, ...waiting] = await Promise.all([
    records.endpoints(tenantId),
    ...places.map((partition) => keys.within(partition, () => flow.countWaiting(tenantId))),
  ]);
  const jobsWaiting = waiting.reduce((sum, jobs) => sum + jobs, 0);
  const count = (state: EndpointView['state']) => views.filter((view) => view.state === state).length;
  const endpoints = {
    well: count('well'),
    failing: count('failing'),
    paused: count('paused'),
    disabled: count('disabled'),
  };
  const troubled = views.filter(({ state }) => state !== 'well').slice(0, TROUBLED_OF_TENANT);
  return { tenantId, jobsWaiting, endpoints, troubled: troubled.map(({ endpointId }) => endpointId) };
}

/** Each process reports that its clock is off. */
async function worstSkewMs({ client, keys }: SurveyParts, nowMs: number): Promise<number> {
  const skews = await readClockSkews(client, keys, { now: () => nowMs });
  return Math.max(0, ...skews.map(({ skewMs }) => Math.abs(skewMs)));
}
