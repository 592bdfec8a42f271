import { describe, expect, test } from 'vitest';
import { createAuditRecords } from '../../../../src/sandbox/audit/audit-records.ts';
import { createForeignAdministrator } from '../../../../src/sandbox/configurations/foreign-administrator.ts';
import { createOrganizations } from '../../../../src/sandbox/configurations/organizations.ts';

function open() {
  const auditRecords = createAuditRecords();
  const organizations = createOrganizations(auditRecords, 0);
  const administrator = createForeignAdministrator(organizations);
  const versionAfterReads = (organizationId: string, reads: number, tenant = 'acme') => {
    for (let read = 0; read < reads; read += 1) administrator.afterRead(tenant, organizationId, 7);
    return organizations.of(tenant, organizationId).version;
  };
  return { auditRecords, organizations, administrator, versionAfterReads };
}

const changes = { widget: { launcher: { label: 'Ask us' } } };

describe('the foreign administrator', () => {
  test('does nothing without a plan', () => {
    expect(open().versionAfterReads('org-1', 3)).toBe(1);
  });

  test('changes the configuration after each read, `times` times', () => {
    const { auditRecords, organizations, administrator, versionAfterReads } = open();
    administrator.plan('acme', 'org-1', { changes, times: 2 });
    expect(versionAfterReads('org-1', 5)).toBe(3);
    expect(versionAfterReads('org-2', 1)).toBe(1);
    expect(organizations.of('acme', 'org-1').configuration).toMatchObject({
      widget: { launcher: { label: 'Ask us', icon: null }, theme: {} },
    });
    expect(auditRecords.all('acme')).toMatchObject([
      { organizationId: 'org-1', clientId: 'foreign-administrator', version: 2 },
      { organizationId: 'org-1', clientId: 'foreign-administrator', version: 3 },
    ]);
  });

  test('with a plan for all organizations counts each organization for itself', () => {
    const { administrator, versionAfterReads } = open();
    administrator.plan('acme', undefined, { changes, times: 1 });
    expect(versionAfterReads('org-1', 3)).toBe(2);
    expect(versionAfterReads('org-2', 3)).toBe(2);
    expect(versionAfterReads('org-1', 3, 'globex')).toBe(1);
  });

  test('prefers the plan of one organization to the plan for all, until the next plan for all', () => {
    const { administrator, versionAfterReads } = open();
    administrator.plan('acme', undefined, { changes, times: 1 });
    administrator.plan('acme', 'org-1', { changes, times: 0 });
    expect(versionAfterReads('org-1', 3)).toBe(1);
    administrator.plan('acme', undefined, { changes, times: 2 });
    expect(versionAfterReads('org-1', 3)).toBe(3);
  });
});
