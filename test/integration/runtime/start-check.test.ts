import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { logOf, runGwm, startGwm, startWorker } from '../../support/gwm.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { openSystem } from '../../support/system.ts';
import { openServer } from '../http/stage.ts';

describe('a problem in the settings', () => {
  test('is in one log line at the start of a worker, in /readyz, and in gwm status', async () => {
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

    const said = logOf(worker).filter(({ msg }) => msg === 'the start check has warnings');
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

  test('is not reported for a Redis without problems', async () => {
    const system = await openSystem({ redis: await openOwnRedis() });
    const worker = await startWorker(system);
    const { url } = await openServer(system);

    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'ok', checks: { redis: 'ok' } });
    expect(logOf(worker).filter(({ level }) => level >= 40)).toEqual([]);
  });

  test('is reported as unknown if the user of Redis has no right to read it', async () => {
    const redis = await openOwnRedis();
    const system = await openSystem({ redis });
    await system.client.call('ACL', 'SETUSER', 'worker', 'on', '>secret', '~*', '&*', '+@all', '-config');
    const worker = await startWorker(system, {
      REDIS_URL: redis.url.replace('//', '//worker:secret@'),
    });

    expect(logOf(worker).filter(({ level }) => level >= 40)).toEqual([]);
  });
});

describe('a wrong tenants file', () => {
  test('stops the worker: a malformed callback secret, an unknown region', async () => {
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
        /tenants\[0\]\.region: expected the domain or the name of a region: mypurecloud\.com \(us-east-1\), /,
      ),
    });
  });

  test('is in /readyz until it is corrected', async () => {
    const system = await openSystem({ redis: await openOwnRedis() });
    const { url } = await openServer(system);
    const good = await readFile(system.config.tenantsFile, 'utf8');
    const warnings = async () =>
      ((await (await fetch(`${url}/readyz`)).json()) as { warnings?: string[] }).warnings;

    await writeFile(system.config.tenantsFile, good.replace('"id"', '"ID"'));
    expect(await warnings()).toEqual([expect.stringMatching(/is wrong: tenants\[0\]\.id: .*; .*"ID"/)]);
    await writeFile(system.config.tenantsFile, '{"tenants":');
    expect(await warnings()).toEqual([expect.stringMatching(/^The tenants file .* is not JSON/)]);

    await writeFile(system.config.tenantsFile, good);
    expect(await warnings()).toBeUndefined();
  });

  test('is logged by gwm serve at its start, without the value of a malformed callback secret', async () => {
    const system = await openSystem({
      redis: await openOwnRedis(),
      tenants: [{ id: 'acme', callback: {} }],
    });
    const env = { ...system.environment, WEBHOOK_SECRET: 'whsec_short', HTTP_PORT: '0' };
    const server = startGwm(['serve'], { env });
    const listening = JSON.parse(await server.line(/listening on/)) as { url: string };

    const said = logOf(server).filter(({ level }) => level >= 40);
    expect(said).toHaveLength(1);
    const issue = /tenants\[0\]\.callback\.secret: the secret is not "whsec_"/;
    expect(said[0]).toMatchObject({ warnings: [expect.stringMatching(issue)] });
    expect(JSON.stringify(said)).not.toContain('whsec_short');
    expect(await (await fetch(`${listening.url}/readyz`)).json()).toMatchObject({
      status: 'ok',
      warnings: [expect.stringMatching(issue)],
    });
  });
});

test('a worker that stops does not log the loss of Redis', async () => {
  const worker = await startWorker(await openSystem({ redis: await openOwnRedis() }));

  worker.kill('SIGTERM');
  await worker.exit;

  expect(logOf(worker).at(-1)).toMatchObject({ msg: 'worker stopped' });
});
