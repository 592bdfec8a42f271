import { expect, test } from 'vitest';
import { openSystem } from '../../support/system.ts';
import { callerOf } from './calls.ts';
import { openServer } from './stage.ts';

test('acts on unknown ids leave no audit record, however many there are', async () => {
  const { url, keys, acts } = await openServer(await openSystem());
  const call = callerOf(url, await keys.make());

  for (const [path, method, body] of [
    ['/v1/jobs/j0123456789abcdef0123456789abcdef', 'DELETE', undefined],
    ['/v1/jobs/j0123456789abcdef0123456789abcdef/retry', 'POST', undefined],
    ['/v1/tenants/nowhere/pause', 'POST', { for: '1m' }],
    ['/v1/tenants/nowhere/resume', 'POST', {}],
    ['/v1/webhooks/endpoints/ep-0/enable', 'POST', undefined],
    ['/v1/webhooks/callbacks/wh-0/replay', 'POST', undefined],
  ] as const) {
    expect((await call(path, { method, body })).status).toBe(404);
  }

  expect(acts).toEqual([]);
});
