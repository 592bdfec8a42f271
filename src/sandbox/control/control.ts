import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { textOf } from '../../core/shapes.ts';
import { faultPlanSchema } from '../faults/faults.ts';
import { readAnyBodyAsJson } from '../input/body.ts';
import { writeJson } from '../input/json.ts';
import { parseInput } from '../input/problems.ts';
import { type RequestFilter, shownRequest } from '../observe/request-log.ts';
import { operationNames, resetWorld, setFaults, tenantsOf, type World } from '../world.ts';
import { mountAuditControl } from './audit-control.ts';
import { mountConfigurationControl } from './configuration-control.ts';
import { nameSchema, parseBody, refuse } from './control-input.ts';
import { mountDeploymentControl } from './deployment-control.ts';

const DEFAULT_SHOWN_REQUESTS = 100;
const MAX_SHOWN_REQUESTS = 10_000;

const limitSchema = z
  .string()
  .refine(isLimit, `a whole number from 1 to ${MAX_SHOWN_REQUESTS}`)
  .transform(Number)
  .default(DEFAULT_SHOWN_REQUESTS);

/** The control interface under `/__sandbox`: shows counts and requests, sets faults, resets. */
export function mountControl(scope: FastifyInstance, world: World): void {
  const tenants = tenantsOf(world.clients);
  const plans = faultPlanSchema(operationNames, tenants);
  const filters = filterSchema(tenants);
  const revocations = z.strictObject({ tenant: nameSchema(tenants).exactOptional() });
  const widgets = z.strictObject({
    tenant: nameSchema(tenants),
    widgetId: textOf({ min: 1 }),
    /** Sent unchanged, also when it is no valid widget. */
    widget: z.json(),
  });
  const endings = z.strictObject({ tenant: nameSchema(tenants), conversationId: textOf({ min: 1 }) });
  readAnyBodyAsJson(scope);
  scope.setReplySerializer(writeJson);
  // A replication takes effect when its time is over. Control must not show the state before it.
  scope.addHook('preHandler', async () => world.replications.catchUp(world.now()));
  mountConfigurationControl(scope, world);
  mountAuditControl(scope, world);
  mountDeploymentControl(scope, world);

  scope.get('/stats', () => world.stats.snapshot());

  scope.get('/requests', (request, reply) => {
    const filter = parseInput(filters, request.query);
    if (!filter.ok) return refuse(reply, filter);
    return world.log.newest(filter.value).map(shownRequest);
  });

  scope.get('/faults', () => world.faults.plan);

  scope.put('/faults', (request, reply) => {
    const plan = parseBody(plans, request.body);
    if (!plan.ok) return refuse(reply, plan);
    setFaults(world, plan.value);
    return plan.value;
  });

  scope.post('/reset', () => {
    resetWorld(world);
    return world.stats.snapshot();
  });

  scope.post('/sessions/end', (request, reply) => {
    const ending = parseBody(endings, request.body);
    if (!ending.ok) return refuse(reply, ending);
    world.sessions.end(ending.value.tenant, ending.value.conversationId);
    return ending.value;
  });

  scope.put('/widgets', (request, reply) => {
    const change = parseBody(widgets, request.body);
    if (!change.ok) return refuse(reply, change);
    const { tenant, widgetId, widget } = change.value;
    world.widgets.set(tenant, widgetId, widget);
    return change.value;
  });

  scope.post('/tokens/revoke', (request, reply) => {
    const revocation = parseBody(revocations, request.body ?? {});
    if (!revocation.ok) return refuse(reply, revocation);
    return { revoked: world.tokens.revoke(revocation.value.tenant, world.now()) };
  });
}

function filterSchema(tenants: readonly string[]): z.ZodType<RequestFilter> {
  return z.strictObject({
    operation: nameSchema(operationNames).exactOptional(),
    tenant: nameSchema(tenants).exactOptional(),
    limit: limitSchema,
  });
}

function isLimit(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= MAX_SHOWN_REQUESTS;
}
