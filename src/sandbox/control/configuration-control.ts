import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { textOf } from '../../core/shapes.ts';
import type { Organization } from '../configurations/organizations.ts';
import { parseInput } from '../input/problems.ts';
import { tenantsOf, type World } from '../world.ts';
import { nameSchema, parseBody, refuse, tenantQuerySchema, treeSchema } from './control-input.ts';

const MAX_DURATION_MS = 24 * 60 * 60 * 1000;
const MAX_TIMES = 1_000_000;

/** An organization as the control interface shows it. */
export interface ShownOrganization {
  organizationId: string;
  version: number;
  configuration: Record<string, unknown>;
}

/** Control over configurations: organizations, the foreign administrator and replications. */
export function mountConfigurationControl(scope: FastifyInstance, world: World): void {
  const tenants = tenantsOf(world.clients);
  const tenantQuery = tenantQuerySchema(tenants);
  const organizationId = textOf({ min: 1 });
  const settings = z.strictObject({
    tenant: nameSchema(tenants),
    organizationId,
    configuration: treeSchema.exactOptional(),
    version: z.int().min(1).exactOptional(),
    isAssigned: z.boolean().exactOptional(),
  });
  const plans = z.strictObject({
    tenant: nameSchema(tenants),
    /** Absent: all organizations of the tenant. */
    organizationId: organizationId.exactOptional(),
    changes: treeSchema,
    times: z.int().min(0).max(MAX_TIMES),
  });
  const replications = z.strictObject({
    /** Absent: all tenants. */
    tenant: nameSchema(tenants).exactOptional(),
    durationMs: z.int().min(0).max(MAX_DURATION_MS).exactOptional(),
    failing: z.array(organizationId).exactOptional(),
  });

  scope.get('/organizations', (request, reply) => {
    const query = parseInput(tenantQuery, request.query);
    if (!query.ok) return refuse(reply, query);
    return world.organizations.touched(query.value.tenant).map(shown);
  });

  scope.put('/organizations', (request, reply) => {
    const change = parseBody(settings, request.body);
    if (!change.ok) return refuse(reply, change);
    const { tenant, organizationId: id, ...rest } = change.value;
    return shown(world.organizations.set(tenant, id, rest, world.now()));
  });

  scope.put('/foreign-administrator', (request, reply) => {
    const change = parseBody(plans, request.body);
    if (!change.ok) return refuse(reply, change);
    const { tenant, organizationId: id, ...plan } = change.value;
    world.foreignAdministrator.plan(tenant, id, plan);
    return change.value;
  });

  scope.put('/replication', (request, reply) => {
    const change = parseBody(replications, request.body);
    if (!change.ok) return refuse(reply, change);
    const { tenant, ...rest } = change.value;
    for (const name of tenant === undefined ? tenants : [tenant]) world.replications.configure(name, rest);
    return change.value;
  });
}

function shown({ organizationId, version, configuration }: Organization): ShownOrganization {
  return { organizationId, version, configuration };
}
