import { describe, expect, test } from 'vitest';
import { createApiKeys } from '../../../src/access/api-keys.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { servingKeys } from '../../../src/http/serving-keys.ts';
import { startGwm } from '../../support/gwm.ts';
import { message, openSystem } from '../../support/system.ts';
import { callerOf } from './calls.ts';

describe('the development key of gwm serve', () => {
  test('works as it is printed, until an operator makes a key, and not when the key is revoked', async () => {
    const system = await openSystem();
    const serve = startGwm(['serve'], { env: { ...system.environment, HTTP_PORT: '0' } });
    const line = await serve.line(/curl/);
    const [, url = '', secret = ''] =
      /curl (http\S+)\/v1\/tenants -H 'Authorization: Bearer (gwm_dev_\w+)'/.exec(line) ?? [];
    await serve.line(/listening on/);
    const call = callerOf(url, secret);

    expect((await call('/v1/tenants')).body.tenants).toHaveLength(1);
    expect((await call('/v1/messages', { body: message() })).status).toBe(202);
    expect(serve.stdout.join('\n')).not.toContain(secret);

    const { client } = system;
    const apiKeys = createApiKeys({ client, keys: system.keys, clock: systemClock });
    const { key } = await apiKeys.create({ name: 'first', tenants: 'all', scopes: ['read'] });
    const refused = await call('/v1/tenants');
    expect([refused.status, refused.body.code]).toEqual([401, 'KEY_UNKNOWN']);

    await apiKeys.revoke(key.id);
    expect((await call('/v1/tenants')).status).toBe(401);
  });

  test('is not made where the last key was revoked', async () => {
    const system = await openSystem();
    const { client, keys } = system;
    const apiKeys = createApiKeys({ client, keys, clock: systemClock });
    const { key } = await apiKeys.create({ name: 'first', tenants: 'all', scopes: ['read'] });
    // A key of an earlier version has no mark.
    await client.del(keys.apiKeyMade());
    await apiKeys.revoke(key.id);

    const served = await servingKeys(apiKeys, '127.0.0.1');

    expect(served.developmentSecret).toBeUndefined();
  });
});
