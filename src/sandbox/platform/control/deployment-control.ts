import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { textOf } from '../../../core/shapes.ts';
import { nameSchema, parseBody, refuse, tenantQuerySchema } from '../../control/control-input.ts';
import { parseInput } from '../../input/problems.ts';
import type { World } from '../../world.ts';
import { deploymentSchema, writableFields } from '../deployments/model.ts';
import { shownDeployment } from '../deployments/shown.ts';

/** Control over deployments: shows all of a tenant, and sets one without waits and audit record. */
export function mountDeploymentControl(
  scope: FastifyInstance,
  world: World,
  tenants: readonly string[],
): void {
  const tenantQuery = tenantQuerySchema(tenants);
  const seeds = z.strictObject({
    tenant: nameSchema(tenants),
    id: textOf({ min: 1 }),
    deployment: deploymentSchema,
  });

  scope.get('/deployments', (request, reply) => {
    const query = parseInput(tenantQuery, request.query);
    if (!query.ok) return refuse(reply, query);
    const all = world.platform.deployments.all(query.value.tenant);
    return all.map((each) => shownDeployment(world.platform, each, world.now()));
  });

  scope.put('/deployments', (request, reply) => {
    const seed = parseBody(seeds, request.body);
    if (!seed.ok) return refuse(reply, seed);
    const { tenant, id, deployment } = seed.value;
    const fields = writableFields(deployment);
    const seeded = world.platform.deployments.seed(tenant, id, fields, world.now());
    return shownDeployment(world.platform, seeded, world.now());
  });
}
