import { z } from 'zod';
import type { Series, SeriesName } from '../../counts/series.ts';
import type { Door } from '../door.ts';
import { ProblemError } from '../problem.ts';
import { type Call, defineRoute, type Route } from './route.ts';
import { sampleSeries, series, seriesQuery } from './series-schemas.ts';

const params = z.object({ id: z.string().max(100).describe('The id of the tenant in the tenants file.') });

const responses = { 200: { description: 'The points.', schema: series, example: sampleSeries } };

export const seriesRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    url: '/v1/series',
    operationId: 'getSeries',
    tag: 'Overview',
    scope: 'read',
    summary: 'Show the points of a chart of all tenants of the key',
    description:
      'A key for all tenants gets what all tenants did, also those that the tenants file no longer has.',
    query: seriesQuery,
    responses,
    problems: [],
    isLong: true,
    async handler(door, call) {
      return { status: 200, body: await seriesOfKey(door, call, call.query.over) };
    },
  }),
  defineRoute({
    method: 'GET',
    url: '/v1/tenants/:id/series',
    operationId: 'getTenantSeries',
    tag: 'Overview',
    scope: 'read',
    summary: 'Show the points of a chart of a tenant',
    params,
    query: seriesQuery,
    responses,
    problems: ['RESOURCE_UNKNOWN'],
    isLong: true,
    async handler(door, { params: { id }, query: { over }, tenants }) {
      if (!tenants.has(id)) throw new ProblemError('RESOURCE_UNKNOWN');
      return { status: 200, body: await door.series.ofTenant(id, over) };
    },
  }),
];

async function seriesOfKey(
  { series: reader }: Pick<Door, 'series'>,
  { key, tenants }: Pick<Call<unknown, unknown, unknown>, 'key' | 'tenants'>,
  over: SeriesName,
): Promise<Series> {
  return await (key.tenants === 'all' ? reader.ofAll(over) : reader.ofTenants(tenants.ids(), over));
}
