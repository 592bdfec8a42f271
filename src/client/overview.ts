import { type FollowOptions, followStream } from './follow-stream.ts';
import type { Caller } from './routes.ts';
import type { CallOptions, Transport } from './transport.ts';
import type { Overview, OverviewFilter, Series, SeriesOver } from './types.ts';

export interface OverviewRoutes {
  /** What the tenants of the key do now. */
  get(filter?: OverviewFilter, options?: CallOptions): Promise<Overview>;
  /** The overviews of now on, every few seconds, without an end. */
  events(filter?: OverviewFilter, options?: FollowOptions): AsyncGenerator<Overview, void, undefined>;
  /** The points of a chart of all tenants of the key. */
  series(over: SeriesOver, options?: CallOptions): Promise<Series>;
}

export function overviewRoutes(transport: Transport, caller: Caller): OverviewRoutes {
  return {
    get: (filter, options) => caller.get('/v1/overview', { query: filter ?? {}, ...options }),
    events: (filter, options) => followOverview(transport, filter, options),
    series: (over, options) => caller.get('/v1/series', { query: { over }, ...options }),
  };
}

async function* followOverview(
  transport: Transport,
  query: OverviewFilter = {},
  options: FollowOptions = {},
): AsyncGenerator<Overview, void, undefined> {
  for await (const { event, data } of followStream(
    transport,
    { path: '/v1/overview/events', query },
    options,
  )) {
    // A newer server may send others.
    if (event === 'overview') yield JSON.parse(data) as Overview;
  }
}
