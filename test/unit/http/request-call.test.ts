import type { FastifyReply, FastifyRequest } from 'fastify';
import { expect, test } from 'vitest';
import { openBudget } from '../../../src/content/policy/step-budget.ts';
import { RequestCall } from '../../../src/http/request-call.ts';

/**
 * V8 allocates a getter of an object itself in the old space. It keeps what the getter holds, such as a
 * request, until a full collection. Each request and each text has such an object.
 */
test.for([
  ['a call of a handler', newCall],
  ['a budget of a text', () => openBudget()],
] as const)('%s has no getter of its own', ([, create]) => {
  const own = Object.entries(Object.getOwnPropertyDescriptors(create()));

  expect(own.filter(([, { get }]) => get).map(([name]) => name)).toEqual([]);
});

function newCall(): RequestCall {
  const request = { apiKey: null, params: {}, query: {}, body: {}, headers: {}, raw: { rawHeaders: [] } };
  return new RequestCall(request as unknown as FastifyRequest, {} as FastifyReply, {
    door: { tenants: {} } as never,
    keyScope: null,
    basePath: { of: () => '', ownUrl: () => '/' },
  });
}
