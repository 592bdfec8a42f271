import { describe, expect, test } from 'vitest';
import { startGwm } from '../../support/gwm.ts';
import { message, openSystem } from '../../support/system.ts';
import { callerOf } from './calls.ts';
import { openServer } from './stage.ts';

describe('the development key of gwm serve', () => {
  test('works as it is printed, until an operator makes a key', async () => {
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

    const { keys } = await openServer(system);
    await keys.make();
    const refused = await call('/v1/tenants');
    expect([refused.status, refused.body.code]).toEqual([401, 'KEY_UNKNOWN']);
  });
});
