import { z } from 'zod';
import type { EndpointView } from '../../webhooks/records.ts';
import type { Door } from '../door.ts';
import { operationsOf } from '../operations-of.ts';
import { ProblemError } from '../problem.ts';
import { type Call, defineRoute, type Route } from './route.ts';
import { enabled, endpoint, endpointList, replayBody, replayed, sampleEndpoint } from './webhook-schemas.ts';

const params = z.object({ id: z.string().max(200).describe('The id of the endpoint.') });

export const endpointRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    url: '/v1/webhooks/endpoints',
    operationId: 'listEndpoints',
    tag: 'Webhooks',
    scope: 'read',
    summary: 'List the endpoints that workers called lately',
    query: z.strictObject({
      tenant: z.string().max(100).optional().describe('Only those of this tenant.'),
    }),
    responses: {
      200: {
        description: 'The endpoints.',
        schema: endpointList,
        example: { endpoints: [sampleEndpoint] },
      },
    },
    problems: ['RESOURCE_UNKNOWN'],
    async handler(door, { tenants, query }) {
      if (query.tenant !== undefined && !tenants.has(query.tenant))
        throw new ProblemError('RESOURCE_UNKNOWN');
      const ids = query.tenant === undefined ? tenants.ids() : [query.tenant];
      const endpoints = await Promise.all(ids.map((id) => door.records.endpoints(id)));
      return { status: 200, body: { endpoints: endpoints.flat() } };
    },
  }),
  defineRoute({
    method: 'GET',
    url: '/v1/webhooks/endpoints/:id',
    operationId: 'getEndpoint',
    tag: 'Webhooks',
    scope: 'read',
    summary: 'Show an endpoint',
    params,
    responses: { 200: { description: 'The endpoint.', schema: endpoint, example: sampleEndpoint } },
    problems: ['RESOURCE_UNKNOWN'],
    handler: async (door, call) => ({ status: 200, body: await requireEndpoint(door, call) }),
  }),
  defineRoute({
    method: 'POST',
    url: '/v1/webhooks/endpoints/:id/enable',
    operationId: 'enableEndpoint',
    tag: 'Webhooks',
    scope: 'operate',
    summary: 'Call a disabled or paused endpoint again',
    params,
    responses: {
      200: {
        description: 'Workers call the endpoint.',
        schema: enabled,
        example: { endpointId: sampleEndpoint.endpointId, outcome: 'enabled' },
      },
    },
    problems: ['RESOURCE_UNKNOWN'],
    async handler(door, call) {
      const outcome = await operationsOf(door, call).enableEndpoint({ endpoint: call.params.id });
      if (!('endpointId' in outcome)) throw new ProblemError('RESOURCE_UNKNOWN');
      const { endpointId, status } = outcome;
      return { status: 200, body: { endpointId, outcome: status } };
    },
  }),
  defineRoute({
    method: 'POST',
    url: '/v1/webhooks/endpoints/:id/replay',
    operationId: 'replayMissed',
    tag: 'Webhooks',
    scope: 'operate',
    summary: 'Send again all callbacks that an endpoint missed',
    params,
    body: { schema: replayBody, examples: { replay: { since: '2026-03-01T09:30:00Z' } } },
    responses: {
      202: { description: 'They are sent again.', schema: replayed, example: { replayed: 12 } },
    },
    problems: ['RESOURCE_UNKNOWN', 'REQUEST_INVALID', 'CALLBACK_NOT_REPLAYABLE', 'TOO_MANY_ACTS'],
    isLong: true,
    async handler(door, call) {
      door.bulkActs.enter(call);
      const sinceMs = Date.parse(call.body.since);
      const missed = { endpoint: call.params.id, sinceMs };
      const outcome = await operationsOf(door, call).replayMissed(missed);
      if (outcome.status === 'disabled') throw notReplayable('disabled');
      if (outcome.status !== 'replayed') throw new ProblemError('RESOURCE_UNKNOWN');
      return { status: 202, body: { replayed: outcome.count } };
    },
  }),
];

/**
 * An endpoint of a tenant of the key.
 * @throws {ProblemError} RESOURCE_UNKNOWN
 */
async function requireEndpoint(
  { records }: Pick<Door, 'records'>,
  { tenants, params: { id } }: Pick<Call<{ id: string }, unknown, unknown>, 'tenants' | 'params'>,
): Promise<EndpointView> {
  const found = await Promise.all(tenants.ids().map((tenantId) => records.endpoint(tenantId, id)));
  const endpoint = found.find((view) => view !== undefined);
  if (!endpoint) throw new ProblemError('RESOURCE_UNKNOWN');
  return endpoint;
}

const WHY_NOT: Readonly<Record<string, string>> = {
  disabled: 'The endpoint is disabled. Enable it first.',
  'under-way': 'The callback is under way.',
};

export function notReplayable(reason: 'disabled' | 'under-way'): ProblemError {
  return new ProblemError('CALLBACK_NOT_REPLAYABLE', { detail: WHY_NOT[reason], extensions: { reason } });
}
