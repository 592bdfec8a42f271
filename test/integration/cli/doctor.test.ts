import { expect, test } from 'vitest';
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
