import { ROUTES } from '../../../src/http/routes/all.ts';
import type { Route } from '../../../src/http/routes/route.ts';
import type { Answered, Caller } from './calls.ts';

/** A call of a route with the example of the API document. */
export interface RouteCall {
  readonly name: string;
  readonly route: Route;
  /** Whether there is no answer without Redis. */
  readonly asksRedis: boolean;
  /** Whether the answer needs Redis behind the API key. */
  readonly needsRedis: boolean;
  run(call: Caller): Promise<Answered & { readonly tookMs: number }>;
}

/** They ask Redis for the key of the caller alone. */
const WITHOUT_REDIS = ['listTenants', 'testWebhook', 'getLogin', 'logOut'];

/** They ask for a tenant. */
const LISTS = ['listJobs', 'listEndpoints', 'searchJobs', 'getConversation', 'listDeadLetters'];

/** One call for each route. Each has an idempotency key, by header or in the body. */
export function callsOfAllRoutes(ids: Readonly<Record<'job' | 'callback', string>>): RouteCall[] {
  return ROUTES.map((route) => {
    const { method, url, operationId, scope, body } = route;
    const id = url.includes('callbacks') ? ids.callback : url.includes('jobs') ? ids.job : 'acme';
    const address = url.replace(':id', id).replace(':code', 'JOB_INVALID');
    const query = operationId === 'searchJobs' ? '?tenant=acme&q=acme' : '?tenant=acme';
    const path = LISTS.includes(operationId) ? `${address}${query}` : address;
    const example = Object.values(body?.examples ?? {})[0];
    const [contentType = 'application/json'] = body?.contentTypes ?? [];
    const isSend = scope === 'send' && !body?.isStream;
    return {
      name: `${method} ${url}`,
      route,
      asksRedis: scope !== null || operationId === 'logIn',
      needsRedis: scope !== null && !WITHOUT_REDIS.includes(operationId),
      async run(call) {
        const startedMs = performance.now();
        const answer = await call(path, {
          method,
          ...(body && { body: operationId === 'sendBatch' ? batchOf(ids.job) : unkeyed(example) }),
          headers: {
            ...(body && { 'content-type': contentType }),
            ...(isSend && { 'idempotency-key': operationId }),
          },
        });
        return { ...answer, tookMs: performance.now() - startedMs };
      },
    };
  });
}

/** The calls that hand over jobs. */
export function isSend({ route }: RouteCall): boolean {
  return route.scope === 'send';
}

function unkeyed(example: unknown): unknown {
  const { idempotencyKey: _inHeader, ...rest } = Object(example);
  return rest;
}

function batchOf(name: string): string {
  const job = { kind: 'audit-sync', tenantId: 'acme', organizationIds: ['o-1'] };
  return `${JSON.stringify({ ...job, idempotencyKey: `batch-${name}` })}\n`;
}
