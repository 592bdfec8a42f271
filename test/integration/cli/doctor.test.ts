import { beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/doctor/finding.ts';
import { deploymentOf, messenger } from '../../support/guides/messenger.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { freePort } from '../../support/listen.ts';
import { type OwnRedis, openOwnRedis } from '../../support/own-redis.ts';
import { testDatabase } from '../../support/postgres.ts';
import { openReceiver } from '../../support/receiver.ts';
import { startRedisProcess } from '../../support/redis-process.ts';
import { openSystem, type SystemOptions } from '../../support/system.ts';

const OPEN = { integrationId: 'integration-1' };

/** A Redis that is set up well. */
let redis: OwnRedis;
beforeAll(async () => {
  redis = await openOwnRedis();
});

async function examine(options: SystemOptions = {}, args: readonly string[] = []) {
  const system = await openSystem({ redis, ...options });
  return { system, ...(await doctor(system.environment, args)) };
}

async function doctor(env: Readonly<Record<string, string>>, args: readonly string[] = []) {
  const { code, stdout, stderr } = await runCommand(['doctor', '--json', ...args], { env });
  const findings: Finding[] = stdout.split('\n').map((line) => JSON.parse(line));
  const find = (about: string, check: string) =>
    findings.find((finding) => finding.about === about && finding.check === check) ??
    expect.fail(`no finding about ${about}: ${check}`);
  return { code, findings, find, output: `${stdout}\n${stderr}` };
}

describe('gwm doctor', () => {
  test('exits with 0 for an installation that is well, with a line for each check', async () => {
    const receiver = await openReceiver();
    const tenant = { id: 'acme', callback: { url: receiver.url } };
    const { system, code, findings, output } = await examine({ tenants: [tenant] });

    expect(findings.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(findings.map(({ about, check }) => `${about}: ${check}`)).toEqual([
      'settings: payload keys',
      'redis: connection',
      'redis: version',
      'redis: policy',
      'redis: persistence',
      'redis: memory',
      'redis: hz',
      'clock: this machine',
      'tenants file: partitions',
      'audit store: database',
      'audit store: disk',
      'audit store: waiting records',
      'tenant acme: secrets',
      'tenant acme: host',
      'tenant acme: credentials',
      'tenant acme: dialect',
      'tenant acme: scopes',
      'tenant acme: receiver of callback',
      'tenant acme: endpoints',
    ]);
    expect(code).toBe(0);
    expect(output).toContain('19 ok, 0 warning, 0 failed');
    expect(receiver.received.map(({ method, body }) => ({ method, body }))).toEqual([
      { method: 'HEAD', body: '' },
    ]);
    // Its login is its own: no token is shared before or after.
    expect(await system.client.keys('*token*')).toEqual([]);
  });

  test('prints a line for a person, with what to do, and exits with 5 for a warning', async () => {
    const slow = await startRedisProcess({
      args: ['--appendonly', 'yes', '--maxmemory', '1gb', '--hz', '10'],
    });
    const system = await openSystem({ redis: { url: `redis://127.0.0.1:${slow.port}`, prefix: 'own' } });

    const { code, stdout } = await runCommand(['doctor'], { env: system.environment });

    expect(code).toBe(5);
    expect(stdout).toContain('ok       redis: policy: noeviction\n');
    expect(stdout).toContain('warning  redis: hz: 10. Set hz to 100: due jobs start up to 100 ms late.\n');
  });

  test('examines all that it can while Redis is away, and exits with 1', async () => {
    const port = await freePort();
    const url = `redis://user:hidden-password@127.0.0.1:${port}`;
    const { code, find, findings, output } = await examine({ redis: { url, prefix: 'own' } });

    expect(code).toBe(1);
    expect(find('redis', 'connection')).toMatchObject({
      state: 'failed',
      found: expect.stringContaining(`127.0.0.1:${port}`),
    });
    expect(find('tenant acme', 'credentials').state).toBe('ok');
    expect(find('audit store', 'database').state).toBe('ok');
    expect(findings.filter(({ state }) => state !== 'ok')).toHaveLength(1);
    expect(output).not.toContain('hidden-password');
  });

  test('names a receiver that does not answer, or whose address is not allowed, without its path', async () => {
    const away = { id: 'acme', callback: { url: `http://127.0.0.1:${await freePort()}/secret-path` } };
    const inner = {
      id: 'globex',
      analytics: { url: 'http://localhost:8080/secret-path' },
      receivers: { allowHttp: true, ports: [8080] },
    };
    const { find, output } = await examine({ tenants: [away, inner] });

    expect(find('tenant acme', 'receiver of callback')).toMatchObject({
      state: 'failed',
      found: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+: ECONNREFUSED$/),
    });
    expect(find('tenant globex', 'receiver of analytics')).toMatchObject({
      state: 'failed',
      found: 'the address http://localhost:8080 is not allowed',
    });
    expect(output).not.toContain('secret-path');
  });

  test('names a host that does not answer', async () => {
    const api = `http://127.0.0.1:${await freePort()}`;
    const { findings } = await examine({ tenants: [{ id: 'acme', api }] });
    const hosts = findings.filter(({ check }) => check === 'host');

    expect(hosts.map(({ state }) => state)).toEqual(['ok', 'failed']);
    expect(hosts[1]?.found).toBe(`${api}: ECONNREFUSED`);
  });

  test('names the scopes that the client of a tenant lacks', async () => {
    const { find } = await examine({ tenants: [{ id: 'acme', scopes: ['webchat:guest:write'] }] });
    const { state, found } = find('tenant acme', 'scopes');

    expect(state).toBe('warning');
    expect(found).toContain('audit:read');
    expect(found).not.toContain('webchat:guest:write');
  });

  test('reports refused credentials with what to do, and examines the other tenants', async () => {
    const tenants = ['acme', { id: 'umbrella', dialect: 'platform' as const }];
    const system = await openSystem({ redis, tenants });

    const { code, find, output } = await doctor({ ...system.environment, CLIENT_SECRET_0: 'not-the-secret' });

    expect(code).toBe(1);
    expect(find('tenant acme', 'credentials')).toMatchObject({
      state: 'failed',
      found: expect.stringMatching(/^CREDENTIALS_REFUSED: .* answered 401 invalid_client/),
      todo: expect.stringMatching(/\.$/),
    });
    expect(find('tenant umbrella', 'credentials').found).toBe('the client can log in to umbrella');
    expect(output).not.toContain('not-the-secret');
  });

  test('examines PostgreSQL as the audit store, and makes no table', async () => {
    const database = await testDatabase();
    const { find } = await examine({ environment: { AUDIT_DATABASE_URL: database.url } });

    expect(find('audit store', 'database')).toMatchObject({
      state: 'ok',
      found: expect.stringMatching(/^postgres.*without tables: the first worker makes them$/),
    });
    expect(find('audit store', 'disk').found).toMatch(
      /^0\.01 GB used; PostgreSQL does not show what is left/,
    );
    expect(await database.sql('SELECT * FROM pg_tables WHERE schemaname = current_schema()')).toEqual([]);
  });

  test('reports an audit store that cannot be used', async () => {
    const { find } = await examine({
      environment: { AUDIT_DATABASE_URL: 'sqlite:/no/such/folder/audit.db' },
    });

    expect(find('audit store', 'database')).toMatchObject({ state: 'failed' });
  });

  test('examines one tenant of the tenants file, and knows no other one', async () => {
    const { system, findings } = await examine({ tenants: ['acme', 'globex'] }, ['--tenant', 'globex']);

    expect(findings.filter(({ about }) => about === 'tenant acme')).toEqual([]);
    expect((await runCommand(['doctor', '--tenant', 'other'], { env: system.environment })).code).toBe(3);
  });
});

describe('gwm doctor of a tenant of the dialect platform', () => {
  test('compares its limit with that of the organization', async () => {
    const tenant = { id: 'umbrella', dialect: 'platform' as const, platform: { open: OPEN } };
    const { find } = await examine({ tenants: [tenant] });

    expect(find('tenant umbrella', 'requests per minute of a token')).toMatchObject({
      state: 'warning',
      found: expect.stringMatching(/^300; the tenants file says \d+$/),
      todo: expect.stringMatching(/^Lower limits\.platform/),
    });
  });

  test('names the permissions that the roles of the client lack, kind by kind', async () => {
    const permissions = ['conversation:message:receive', 'webDeployments:deployment:view'];
    const tenant = { id: 'umbrella', dialect: 'platform' as const, platform: { open: OPEN }, permissions };
    const { find } = await examine({ tenants: [tenant] });
    const kind = (check: string) => find('tenant umbrella', check);

    expect(kind('message-transmission by open').state).toBe('ok');
    expect(kind('message-transmission by agentless').found).toBe(
      'not used: the tenants file has no settings of this route',
    );
    expect(kind('audit-sync')).toMatchObject({
      state: 'warning',
      found: 'the client lacks audits:audit:view',
      todo: expect.stringContaining('role'),
    });
  });
});

describe('gwm doctor of a tenant with the route webmessaging', () => {
  const ID = 'deployment-1';
  const webmessaging = { deploymentId: ID, origin: 'https://shop.example', requestsPerMinute: 90 };
  const ROUTE = 'message-transmission by webmessaging';

  const examineGuests = async (status: string | null, permissions?: readonly string[], domains?: object) => {
    const tenant = { id: 'umbrella', dialect: 'platform' as const, platform: { webmessaging } };
    const system = await openSystem({ redis, tenants: [{ ...tenant, ...(permissions && { permissions }) }] });
    await system.sandbox.platform('PUT', '/webmessaging/settings', {
      rates: { messagesPerSecond: 2, requestsPerMinute: 60 },
    });
    if (status !== null) {
      await system.sandbox.platform('PUT', '/configurations', {
        tenant: 'umbrella',
        id: 'configuration-1',
        configuration: messenger(),
      });
      const deployment = { ...deploymentOf({ id: 'configuration-1', version: '1' }), status, ...domains };
      await system.sandbox.platform('PUT', '/deployments', { tenant: 'umbrella', id: ID, deployment });
    }
    const { find } = await doctor(system.environment);
    return (check: string) => find('tenant umbrella', check);
  };

  test('reads its deployment, and compares the limits of the organization with its settings', async () => {
    const find = await examineGuests('Active');

    expect(find(`deployment ${ID}`)).toMatchObject({ state: 'ok', found: 'Active' });
    expect(find('messages per second of a guest')).toMatchObject({
      state: 'ok',
      found: '2; the tenants file says 2',
    });
    expect(find('requests per minute of a connection of guests')).toMatchObject({
      state: 'warning',
      found: '60; the tenants file says 90',
      todo: expect.stringMatching(/^Lower platform\.webmessaging\.requestsPerMinute/),
    });
    expect(find(ROUTE).state).toBe('ok');
  });

  test.for([
    [null, {}, `Genesys Cloud has no deployment ${ID}`],
    ['Inactive', {}, `the status of the deployment ${ID} is Inactive, and guests need Active`],
    [
      'Active',
      { allowAllDomains: false, allowedDomains: ['a.example'] },
      `the allowed domains of the deployment ${ID} lack the origin https://shop.example`,
    ],
  ] as const)('fails with the deployment %s, %o', async ([status, domains, found]) => {
    const find = await examineGuests(status, undefined, domains);

    expect(find(ROUTE)).toMatchObject({ state: 'failed', found });
  });

  test('says which permission it needs to look at the deployment', async () => {
    const find = await examineGuests('Active', ['conversation:message:receive']);

    expect(find(`deployment ${ID}`)).toMatchObject({
      state: 'warning',
      todo: expect.stringContaining('webDeployments:deployment:view'),
    });
    expect(find(ROUTE).state).toBe('ok');
  });
});
