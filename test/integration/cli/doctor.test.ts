import { describe, expect, test } from 'vitest';
import { deploymentOf, messenger } from '../../support/guides/messenger.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { openSystem } from '../../support/system.ts';

const OPEN = { integrationId: 'integration-1' };

test('gwm doctor says which tenants can log in, to which organization, and with which limit', async () => {
  const system = await openSystem({
    tenants: ['acme', { id: 'umbrella', dialect: 'platform', platform: { open: OPEN } }],
  });

  const { code, stdout } = await runCommand(['doctor', '--json'], { env: system.environment });

  expect(code).toBe(0);
  const [acme, umbrella] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(acme).toEqual({ tenantId: 'acme', dialect: 'guest', error: null });
  expect(umbrella).toMatchObject({
    tenantId: 'umbrella',
    dialect: 'platform',
    error: null,
    organization: { id: expect.any(String), name: 'umbrella' },
    requestsPerMinute: { ofOrganization: 300, ofFile: expect.any(Number) },
  });
});

test('gwm doctor names the permissions that the roles of a client lack, kind by kind', async () => {
  const permissions = ['conversation:message:receive', 'webDeployments:deployment:view'];
  const system = await openSystem({
    tenants: [{ id: 'umbrella', dialect: 'platform', platform: { open: OPEN }, permissions }],
  });

  const { code, stdout } = await runCommand(['doctor'], { env: system.environment });

  expect(code).toBe(0);
  expect(stdout).toContain('  message-transmission by open: yes\n');
  expect(stdout).toContain(
    '  message-transmission by agentless: no; a role of the client must grant conversation:message:create\n',
  );
  expect(stdout).toMatch(/ {2}audit-sync: no; a role of the client must grant audits:audit:view$/m);
});

describe('gwm doctor of a tenant with the route webmessaging', () => {
  const ID = 'deployment-1';
  const webmessaging = { deploymentId: ID, origin: 'https://shop.example', requestsPerMinute: 90 };
  const examine = async (status: string | null, permissions?: readonly string[], domains?: object) => {
    const system = await openSystem({
      tenants: [
        {
          id: 'umbrella',
          dialect: 'platform',
          platform: { webmessaging },
          ...(permissions && { permissions }),
        },
      ],
    });
    await system.sandbox.platform('PUT', '/webmessaging/settings', {
      rates: { messagesPerSecond: 2, requestsPerMinute: 60 },
    });
    if (status !== null) {
      await system.sandbox.platform('PUT', '/configurations', {
        tenant: 'umbrella',
        id: 'configuration-1',
        configuration: messenger(),
      });
      const deployment = {
        ...deploymentOf({ id: 'configuration-1', version: '1' }),
        status,
        ...domains,
      };
      await system.sandbox.platform('PUT', '/deployments', { tenant: 'umbrella', id: ID, deployment });
    }
    return (await runCommand(['doctor'], { env: system.environment })).stdout;
  };

  test('reads its deployment, and compares the limits of the organization with its settings', async () => {
    const stdout = await examine('Active');

    expect(stdout).toContain(`  deployment ${ID}: Active\n`);
    expect(stdout).toContain('  messages per second of a guest: 2; the tenants file says 2\n');
    expect(stdout).toContain(
      '  requests per minute of a connection of guests: 60; the tenants file says 90, which is too many: lower requestsPerMinute\n',
    );
    expect(stdout).toContain('  message-transmission by webmessaging: yes\n');
  });

  test('says no if the deployment does not exist or is not active', async () => {
    expect(await examine(null)).toContain(
      `  message-transmission by webmessaging: no; Genesys Cloud has no deployment ${ID}\n`,
    );
    expect(await examine('Inactive')).toContain(
      `  message-transmission by webmessaging: no; the status of the deployment ${ID} is Inactive, and guests need Active\n`,
    );
  });

  test('says no if the deployment does not allow the domain of its guests', async () => {
    const stdout = await examine('Active', undefined, {
      allowAllDomains: false,
      allowedDomains: ['a.example'],
    });

    expect(stdout).toContain(
      `  message-transmission by webmessaging: no; the allowed domains of the deployment ${ID} lack the origin https://shop.example\n`,
    );
  });

  test('says which permission it needs to look at the deployment', async () => {
    const stdout = await examine('Active', ['conversation:message:receive']);

    expect(stdout).toContain(
      `  deployment ${ID}: Genesys Cloud does not show it; a role of the client must grant webDeployments:deployment:view\n`,
    );
    expect(stdout).toContain('  message-transmission by webmessaging: yes\n');
  });
});

test('gwm doctor reports refused credentials, looks at the other tenants, and fails', async () => {
  const system = await openSystem({ tenants: ['acme', { id: 'umbrella', dialect: 'platform' }] });

  const { code, stdout } = await runCommand(['doctor'], {
    env: { ...system.environment, CLIENT_SECRET_0: 'not-the-secret' },
  });

  expect(code).toBe(1);
  expect(stdout).toMatch(/^acme \(guest\): CREDENTIALS_REFUSED: .* answered 401 invalid_client/m);
  expect(stdout).toMatch(/^umbrella \(platform\): the client can log in to umbrella$/m);
  expect(stdout).not.toContain('not-the-secret');
});

test('gwm doctor knows only tenants of the tenants file', async () => {
  const system = await openSystem();
  const { code } = await runCommand(['doctor', '--tenant', 'other'], { env: system.environment });
  expect(code).toBe(3);
});
