import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { textOf } from '../../../core/shapes.ts';
import { nameSchema, parseBody, refuse, tenantQuerySchema } from '../../control/control-input.ts';
import { parseInput } from '../../input/problems.ts';
import type { World } from '../../world.ts';
import { queryEnds } from '../audits/settings.ts';

const MAX_PLANNED_ENDS = 1000;
const MAX_RECORDS = 10_000;

/** Control over audit records: shows and adds them, and says how the next queries end. */
export function mountAuditControl(scope: FastifyInstance, world: World, tenants: readonly string[]): void {
  const tenantQuery = tenantQuerySchema(tenants);
  const tenant = nameSchema(tenants);
  // Further fields stay unchanged, also those that no service of the platform has.
  const record = z
    .object({ id: textOf({ min: 1 }), eventDate: z.iso.datetime({ offset: true }) })
    .catchall(z.json());
  const additions = z.strictObject({ tenant, records: z.array(record).min(1).max(MAX_RECORDS) });
  const plans = z.strictObject({ tenant, ends: z.array(z.enum(queryEnds)).max(MAX_PLANNED_ENDS) });

  scope.get('/audits', (request, reply) => {
    const query = parseInput(tenantQuery, request.query);
    if (!query.ok) return refuse(reply, query);
    return world.platform.audits.all(query.value.tenant);
  });

  scope.post('/audits', (request, reply) => {
    const addition = parseBody(additions, request.body);
    if (!addition.ok) return refuse(reply, addition);
    const { audits } = world.platform;
    for (const each of addition.value.records) audits.add(addition.value.tenant, each);
    return { added: addition.value.records.length };
  });

  scope.put('/audits/queries', (request, reply) => {
    const plan = parseBody(plans, request.body);
    if (!plan.ok) return refuse(reply, plan);
    world.platform.auditQueries.planEnds(plan.value.tenant, plan.value.ends);
    return plan.value;
  });
}
