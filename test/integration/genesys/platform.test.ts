import { expect, test } from 'vitest';
import type { Allowance } from '../../../src/core/allowance.ts';
import type { Operation } from '../../../src/genesys/operation.ts';
import { openSystem } from '../../support/system.ts';
import { failureOf, openCaller } from './caller.ts';

const readToken: Operation<void, unknown> = {
  name: 'token.read',
  method: 'GET',
  path: () => '/api/v2/tokens/me',
  body: () => undefined,
  read: (answer) => answer,
};

test('a client of the platform logs in, and notes the correlation id of each answer', async () => {
  const system = await openSystem({ tenants: [{ id: 'acme', dialect: 'platform' }] });
  const { genesys, tenant } = openCaller(system);
  const noted: string[] = [];

  const token = await genesys.call(tenant(), readToken, undefined, {
    requestId: 'job-1',
    noteCorrelation: (id) => noted.push(id),
  });

  expect(token).toMatchObject({ organization: expect.anything() });
  expect(noted).toEqual([expect.stringMatching(/^[\da-f-]{36}$/)]);
});

test('the allowance says when the request of its answer left, after a refused token too', async () => {
  const system = await openSystem({ tenants: [{ id: 'acme', dialect: 'platform' }] });
  const { genesys, tenant } = openCaller(system);
  const errors = [{ status: 401, rate: 1, times: 1 }];
  await system.sandbox.inject({ operations: { 'platform.token.read': { errors } } });
  const noted: (Allowance & { atMs: number })[] = [];
  const beganAtMs = performance.now();

  await genesys.call(tenant(), readToken, undefined, {
    requestId: 'job-1',
    noteAllowance: (allowance) => noted.push({ ...allowance, atMs: performance.now() }),
  });

  const [allowance] = noted;
  expect(noted).toHaveLength(1);
  expect(allowance?.count).toMatchObject({ allowed: 300 });
  expect(allowance?.sentAtMs).toBeGreaterThan(beganAtMs);
  expect(allowance?.sentAtMs).toBeLessThan(allowance?.atMs ?? 0);
});

test('a body over 512,000 bytes is refused before it is sent', async () => {
  const system = await openSystem({ tenants: [{ id: 'acme', dialect: 'platform' }] });
  const { genesys, tenant } = openCaller(system);
  const write = (text: string) =>
    genesys.call(
      tenant(),
      { ...readToken, name: 'draft.write', method: 'PUT', body: () => text },
      undefined,
      { requestId: 'job-1' },
    );

  const error = await failureOf(write('é'.repeat(256_000)));

  expect(error).toMatchObject({
    code: 'CONTENT_REFUSED',
    message: 'draft.write: the body has 512002 bytes, and Genesys Cloud takes at most 512000',
  });
  expect(await system.sandbox.requests()).toMatchObject([{ operation: expect.stringContaining('token') }]);
});
