import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parseInput } from '../input/problems.ts';
import { tenantsOf, type World } from '../world.ts';
import { nameSchema, parseBody, refuse, tenantQuerySchema } from './control-input.ts';

const MAX_DELAY_MS = 24 * 60 * 60 * 1000;

/** Control over audit records: sets their delay, adds records of any shape, shows all of them. */
export function mountAuditControl(scope: FastifyInstance, world: World): void {
  const tenants = tenantsOf(world.clients);
  const tenantQuery = tenantQuerySchema(tenants);
  const delays = z.strictObject({
    /** Absent: all tenants. */
    tenant: nameSchema(tenants).exactOptional(),
    delayMs: z.int().min(0).max(MAX_DELAY_MS),
  });
  const additions = z.strictObject({
    tenant: nameSchema(tenants),
    record: z.object({ timestamp: z.iso.datetime({ offset: true }) }).catchall(z.json()),
  });

  scope.put('/audit', (request, reply) => {
    const change = parseBody(delays, request.body);
    if (!change.ok) return refuse(reply, change);
    const { tenant, delayMs } = change.value;
    for (const name of tenant === undefined ? tenants : [tenant]) world.auditRecords.setDelay(name, delayMs);
    return change.value;
  });

  scope.get('/audit/records', (request, reply) => {
    const query = parseInput(tenantQuery, request.query);
    if (!query.ok) return refuse(reply, query);
    return world.auditRecords.all(query.value.tenant);
  });

  scope.post('/audit/records', (request, reply) => {
    const addition = parseBody(additions, request.body);
    if (!addition.ok) return refuse(reply, addition);
    const { tenant, record } = addition.value;
    world.auditRecords.add(tenant, record);
    return record;
  });
}
