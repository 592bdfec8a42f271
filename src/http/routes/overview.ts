import { z } from 'zod';
import { overviewOf, type Snapshot } from '../../survey/overview.ts';
import type { Door } from '../door.ts';
import { overviewStream } from '../overview-stream.ts';
import { EVENT_STREAM_HEADERS } from '../polled-stream.ts';
import { ProblemError } from '../problem.ts';
import { sampleOverview } from './overview-samples.ts';
import { overview, overviewQuery } from './overview-schemas.ts';
import { type Call, defineRoute, type Route } from './route.ts';

export const overviewRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    url: '/v1/overview',
    operationId: 'getOverview',
    tag: 'Overview',
    scope: 'read',
    summary: 'Show what the tenants of the key do now',
    description: `One snapshot serves all callers of this process. It is a few seconds old at most; \`at\` says of
when it is.`,
    query: overviewQuery,
    responses: { 200: { description: 'The overview.', schema: overview, example: sampleOverview } },
    problems: ['RESOURCE_UNKNOWN'],
    isLong: true,
    async handler(door, call) {
      requireTenantOf(call);
      const { snapshot } = await door.snapshots.current();
      return { status: 200, body: shownTo(snapshot, call) };
    },
  }),
  defineRoute({
    method: 'GET',
    url: '/v1/overview/events',
    operationId: 'followOverview',
    tag: 'Overview',
    scope: 'read',
    summary: 'Follow what the tenants of the key do',
    description: `Server-sent events \`overview\`, each with the whole answer of \`GET /v1/overview\`, every few seconds: the
more tenants, the fewer. The id of an event is its \`at\`.`,
    query: overviewQuery,
    requestHeaders: { 'Last-Event-ID': 'The last event that the caller has.' },
    responses: {
      200: { description: 'The events.', schema: z.string(), contentType: 'text/event-stream' },
    },
    problems: ['RESOURCE_UNKNOWN', 'TOO_MANY_STREAMS'],
    isStreamed: true,
    async handler(door, call) {
      requireTenantOf(call);
      // While Redis is away the answer is a problem, and no stream.
      await door.snapshots.current();
      door.streams.enter(call);
      const { signal, mayGoOn, headers } = call;
      const lastEventId = headers['last-event-id'];
      const events = overviewStream({
        read: () => lookOf(door, call),
        mayGoOn,
        lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined,
        signal,
      });
      return { status: 200, headers: EVENT_STREAM_HEADERS, body: events };
    },
  }),
];

type OverviewCall = Call<unknown, z.output<typeof overviewQuery>, unknown>;

/** @throws {ProblemError} RESOURCE_UNKNOWN */
function requireTenantOf({ query: { tenant }, tenants }: OverviewCall): void {
  if (tenant !== undefined && !tenants.has(tenant)) throw new ProblemError('RESOURCE_UNKNOWN');
}

function shownTo(snapshot: Snapshot, { key, query: { tenant }, tenants }: OverviewCall) {
  const asked = tenant === undefined ? tenants.ids() : [tenant].filter(tenants.has);
  return overviewOf(snapshot, asked, key.tenants === 'all');
}

async function lookOf({ snapshots }: Pick<Door, 'snapshots'>, call: OverviewCall) {
  const { snapshot, freshUntilMs } = await snapshots.current();
  return {
    at: new Date(snapshot.survey.atMs).toISOString(),
    json: () => JSON.stringify(shownTo(snapshot, call)),
    freshForMs: freshUntilMs - performance.now(),
  };
}
