import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { logOf, runGwm, startWorker } from '../../support/gwm.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { openSystem } from '../../support/system.ts';
import { openServer } from '../http/stage.ts';

describe('what wants to be mended', () => {
  test('is said by a worker at its start, once, in one line; by /readyz; and by gwm status', async () => {
    const redis = await openOwnRedis();
    const system = await openSystem({
      redis,
      environment: { AUDIT_DATABASE_URL: 'sqlite:/nowhere/audit.db' },
    });
    await system.client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await system.client.config('SET', 'appendonly', 'no');

    const worker = await startWorker(system);
    const { url } = await openServer(system);
    const ready = await fetch(`${url}/readyz`);
    const status = await runGwm(['status'], { env: system.environment });

    const said = logOf(worker).filter(({ msg }) => msg === 'started, and some things want to be mended');
    expect(said).toHaveLength(1);
    expect(said[0]).toMatchObject({ level: 40 });
    const { warnings } = said[0] as unknown as { warnings: string[] };
    expect(
      warnings.filter((warning) => /maxmemory-policy of Redis is allkeys-lru/.test(warning)),
    ).toHaveLength(1);
    expect(warnings.filter((warning) => /appendonly of Redis is off/.test(warning))).toHaveLength(1);
    expect(warnings.filter((warning) => /audit database \/nowhere\/audit\.db/.test(warning))).toHaveLength(1);
    expect(worker.stderr).toEqual([]);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({
      status: 'ok',
      warnings: expect.arrayContaining([warnings[0]]),
    });
    expect(status.stderr).toContain('warning: maxmemory-policy of Redis is allkeys-lru');
  });

  test('is nothing with a Redis as it should be', async () => {
    const system = await openSystem({ redis: await openOwnRedis() });
    const worker = await startWorker(system);
    const { url } = await openServer(system);

    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'ok', checks: { redis: 'ok' } });
    expect(logOf(worker).filter(({ level }) => level >= 40)).toEqual([]);
  });

  test('is said to be unknown where the user of Redis may not ask', async () => {
    const redis = await openOwnRedis();
    const system = await openSystem({ redis });
    await system.client.call('ACL', 'SETUSER', 'worker', 'on', '>secret', '~*', '&*', '+@all', '-config');
    const worker = await startWorker(system, {
      REDIS_URL: redis.url.replace('//', '//worker:secret@'),
    });

    expect(logOf(worker).filter(({ level }) => level >= 40)).toEqual([]);
  });
});

describe('a tenants file that is wrong', () => {
  test('stops the worker: a malformed callback secret, a region that is none', async () => {
    const system = await openSystem({ tenants: [{ id: 'acme', callback: {} }] });
    const secret = await runGwm(['worker'], {
      env: { ...system.environment, WEBHOOK_SECRET: 'whsec_short' },
    });
    expect(secret).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('tenants[0].callback.secret: the secret is not "whsec_"'),
    });
    expect(secret.stderr).not.toContain('whsec_short');

    const tenant = { id: 'acme', dialect: 'guest', region: 'mypurecloud.zz', clientId: 'c' };
    const file = { tenants: [{ ...tenant, clientSecret: { env: 'CLIENT_SECRET_0' } }] };
    await writeFile(system.config.tenantsFile, JSON.stringify(file));
    const region = await runGwm(['worker'], { env: system.environment });
    expect(region).toMatchObject({
      code: 78,
      stderr: expect.stringMatching(
        /tenants\[0\]\.region: expected the domain of a region: mypurecloud\.com, /,
      ),
    });
  });
});
