import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { readAnyBodyAsJson, UnreadableBody } from './body.ts';
import { faultPlanSchema } from './faults.ts';
import { oneOf, type Parsed, parseInput, sentenceOf } from './problems.ts';
import { type RequestFilter, shownRequest } from './request-log.ts';
import { operationNames, resetWorld, setFaults, tenantsOf, type World } from './world.ts';

const DEFAULT_SHOWN_REQUESTS = 100;
const MAX_SHOWN_REQUESTS = 10_000;

const limitSchema = z
  .string()
  .refine(isLimit, `a whole number from 1 to ${MAX_SHOWN_REQUESTS}`)
  .transform(Number)
  .default(DEFAULT_SHOWN_REQUESTS);

/** The control interface under `/__sandbox`: what was counted and seen, what shall go wrong, back to the start. */
export function mountControl(scope: FastifyInstance, world: World): void {
  const tenants = tenantsOf(world.clients);
  const plans = faultPlanSchema(operationNames, tenants);
  const filters = filterSchema(tenants);
  const revocations = z.strictObject({ tenant: nameSchema(tenants).exactOptional() });
  const widgets = z.strictObject({
    tenant: nameSchema(tenants),
    widgetId: z.string().min(1),
    /** Told as it is, whatever it is. */
    widget: z.json(),
  });
  const endings = z.strictObject({ tenant: nameSchema(tenants), conversationId: z.string().min(1) });
  readAnyBodyAsJson(scope);

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

function nameSchema(names: readonly string[]): z.ZodType<string> {
  return z.string().refine((name) => names.includes(name), oneOf(names));
}

function parseBody<T>(schema: z.ZodType<T>, body: unknown): Parsed<T> {
  if (!(body instanceof UnreadableBody)) return parseInput(schema, body);
  return { ok: false, problems: [{ path: '', wanted: 'JSON', got: 'something else', isMissing: false }] };
}

function refuse(reply: FastifyReply, { problems }: Extract<Parsed<unknown>, { ok: false }>): FastifyReply {
  const sentences = problems.map(sentenceOf);
  return reply.code(400).send({
    message: `The sandbox cannot do that: ${sentences.join('; ')}`,
    code: 'bad.request',
    status: 400,
    problems: sentences,
  });
}
