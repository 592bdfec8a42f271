import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { textOf } from '../../../core/shapes.ts';
import { nameSchema, parseBody, refuse, tenantQuerySchema } from '../../control/control-input.ts';
import { parseInput } from '../../input/problems.ts';
import type { World } from '../../world.ts';
import type { Configuration } from '../configurations/configurations.ts';
import { foreignMoments } from '../configurations/foreign-administrator.ts';
import { configurationChangesSchema, configurationSchema, writableFields } from '../configurations/model.ts';
import { shownVersion } from '../configurations/shown.ts';
import { generalError } from '../requests/errors.ts';

const MAX_TIMES = 1_000_000;

/** Control over configurations: shows and sets them, and sends the other administrator. */
export function mountConfigurationControl(
  scope: FastifyInstance,
  world: World,
  tenants: readonly string[],
): void {
  const tenantQuery = tenantQuerySchema(tenants);
  const tenant = nameSchema(tenants);
  const changes = configurationChangesSchema;
  const seeds = z.strictObject({
    tenant,
    id: textOf({ min: 1 }),
    configuration: configurationSchema,
  });
  const plans = z.strictObject({
    tenant,
    /** Absent: any configuration of the tenant. */
    configurationId: textOf({ min: 1 }).exactOptional(),
    changes,
    after: z.enum(foreignMoments).default('read'),
    times: z.int().min(0).max(MAX_TIMES),
  });
  const foreignChanges = z.strictObject({ tenant, configurationId: textOf({ min: 1 }), changes });

  scope.get('/configurations', (request, reply) => {
    const query = parseInput(tenantQuery, request.query);
    if (!query.ok) return refuse(reply, query);
    return world.platform.configurations.all(query.value.tenant).map((each) => shown(each, world.now()));
  });

  // Visible, active and published as version 1 at once. It replaces one with the same id.
  scope.put('/configurations', (request, reply) => {
    const seed = parseBody(seeds, request.body);
    if (!seed.ok) return refuse(reply, seed);
    const { id, configuration } = seed.value;
    const fields = writableFields(configuration);
    const seeded = world.platform.configurations.seed(seed.value.tenant, id, fields, world.now());
    return shown(seeded, world.now());
  });

  scope.put('/foreign-administrator', (request, reply) => {
    const plan = parseBody(plans, request.body);
    if (!plan.ok) return refuse(reply, plan);
    const { tenant: name, ...rest } = plan.value;
    world.platform.foreignAdministrator.plan(name, rest);
    return plan.value;
  });

  scope.post('/foreign-administrator', (request, reply) => {
    const change = parseBody(foreignChanges, request.body);
    if (!change.ok) return refuse(reply, change);
    const { configurations, foreignAdministrator } = world.platform;
    const found = configurations
      .all(change.value.tenant)
      .find(({ id }) => id === change.value.configurationId);
    if (found === undefined) return reply.code(404).send(generalError(404));
    foreignAdministrator.change(found, change.value.changes, world.now());
    return shown(found, world.now());
  });
}

function shown(configuration: Configuration, nowMs: number): object {
  return {
    id: configuration.id,
    isDeleted: configuration.deletedAtMs !== null,
    draft: shownVersion(configuration, configuration.draft, nowMs),
    published: configuration.published.map((version) => shownVersion(configuration, version, nowMs)),
  };
}
