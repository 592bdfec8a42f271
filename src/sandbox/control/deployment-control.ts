import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { textOf } from '../../core/shapes.ts';
import { parseInput } from '../input/problems.ts';
import { tenantsOf, type World } from '../world.ts';
import { nameSchema, parseBody, refuse, tenantQuerySchema, treeSchema } from './control-input.ts';

/** Control over deployments: shows all of a tenant, and sets one without an audit record. */
export function mountDeploymentControl(scope: FastifyInstance, world: World): void {
  const tenants = tenantsOf(world.clients);
  const tenantQuery = tenantQuerySchema(tenants);
  const settings = z.strictObject({
    tenant: nameSchema(tenants),
    deployment: z
      .object({ id: textOf({ min: 1 }), name: z.string(), properties: treeSchema })
      .catchall(z.json()),
  });

  scope.get('/deployments', (request, reply) => {
    const query = parseInput(tenantQuery, request.query);
    if (!query.ok) return refuse(reply, query);
    return world.deployments.all(query.value.tenant);
  });

  scope.put('/deployments', (request, reply) => {
    const change = parseBody(settings, request.body);
    if (!change.ok) return refuse(reply, change);
    const { tenant, deployment } = change.value;
    world.deployments.set(tenant, deployment);
    return deployment;
  });
}
