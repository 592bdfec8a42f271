import { z } from 'zod';
import { listOf, textOf } from '../../core/shapes.ts';
import { notFound, unprocessable } from '../answers/refusals.ts';
import { parseInput } from '../input/problems.ts';
import type { OperationState } from '../operation.ts';
import type { OperationHandler } from '../requests/arrival.ts';
import { notAssigned } from './configuration-operations.ts';
import type { Replication } from './replications.ts';

// Fields: docs/guides.md#replicate-a-configuration
const orderSchema = z
  .object({
    sourceOrganizationId: textOf({ min: 1 }),
    targetOrganizationIds: listOf(textOf({ min: 1 }), { min: 1 }),
    configType: z.literal('webchat'),
    overwriteExisting: z.boolean(),
  })
  .superRefine(({ sourceOrganizationId, targetOrganizationIds }, context) => {
    const seenIds = new Set([sourceOrganizationId]);
    for (const [index, id] of targetOrganizationIds.entries()) {
      if (seenIds.has(id)) {
        const message = 'an organization that is neither the source nor named before';
        context.addIssue({ code: 'custom', path: ['targetOrganizationIds', index], input: id, message });
      }
      seenIds.add(id);
    }
  });

/** The handler of `configuration.replicate`. It starts a replication, which then runs by itself. */
export function createConfigurationReplicate(state: OperationState): OperationHandler {
  const { now, organizations, replications } = state;
  return ({ body, correlationId }, { tenant, clientId }) => {
    const order = parseInput(orderSchema, body ?? {});
    if (!order.ok) return unprocessable(correlationId, 'replication', order.problems);
    const { sourceOrganizationId, targetOrganizationIds, overwriteExisting } = order.value;
    if (!organizations.of(tenant, sourceOrganizationId).isAssigned) return notAssigned(correlationId);
    const id = replications.start(tenant, clientId, order.value, now());
    return {
      status: 202,
      body: { id, status: 'queued', sourceOrganizationId, targetOrganizationIds, overwriteExisting },
    };
  };
}

/** The handler of `replication.read`. It answers the status of a replication and its targets. */
export function createReplicationRead({ now, replications }: OperationState): OperationHandler {
  return ({ params, correlationId }, { tenant }) => {
    const replication = replications.find(tenant, params['replicationId'] ?? '', now());
    if (replication !== undefined) return { status: 200, body: shown(replication) };
    return notFound(correlationId, 'replication');
  };
}

function shown({ id, status, targets, startedAtMs, completedAtMs }: Replication): unknown {
  return {
    id,
    status,
    targets,
    startedAt: new Date(startedAtMs).toISOString(),
    completedAt: completedAtMs === null ? null : new Date(completedAtMs).toISOString(),
  };
}
