import { describe, expect, test } from 'vitest';
import { createAuditRecords } from '../../../../src/sandbox/audit/audit-records.ts';
import { createOrganizations } from '../../../../src/sandbox/configurations/organizations.ts';
import { createManualClock } from '../../../support/clock.ts';

const clock = createManualClock();
const startedAtMs = clock.now();
const authorship = { clientId: 'acme-client', atMs: startedAtMs + 5 };

function open() {
  const auditRecords = createAuditRecords();
  return { auditRecords, organizations: createOrganizations(auditRecords, startedAtMs) };
}

describe('an organization', () => {
  test('without changes has the default configuration at version 1, and is not stored', () => {
    const { organizations } = open();
    expect(organizations.of('acme', 'org-1')).toMatchObject({
      version: 1,
      lastModifiedMs: startedAtMs,
      isAssigned: true,
      isConfigured: false,
      configuration: { widget: { theme: { colors: { primary: '#FF4F1F', background: '#FFFFFF' } } } },
    });
    expect(organizations.touched('acme')).toEqual([]);
  });

  test('gets a new version and an audit record with each change', () => {
    const { organizations, auditRecords } = open();
    organizations.change('acme', 'org-1', { n: 1 }, authorship);
    expect(organizations.change('acme', 'org-1', { n: 2 }, authorship)).toEqual({
      organizationId: 'org-1',
      version: 3,
      configuration: { n: 2 },
      lastModifiedMs: startedAtMs + 5,
      isAssigned: true,
      isConfigured: true,
    });
    expect(auditRecords.all('acme')).toMatchObject([
      { action: 'webchat:configuration:update', organizationId: 'org-1', version: 2 },
      { entityId: 'org-1', clientId: 'acme-client', version: 3, timestamp: '2026-01-01T00:00:00.005Z' },
    ]);
  });

  test('belongs to one tenant', () => {
    const { organizations, auditRecords } = open();
    organizations.change('acme', 'org-1', { n: 1 }, authorship);
    expect(organizations.of('globex', 'org-1').version).toBe(1);
    expect(auditRecords.all('globex')).toEqual([]);
  });

  test('does not store the fields that the API adds', () => {
    const { organizations } = open();
    const sentBack = { organizationId: 'x', version: 9, lastModified: 'today', label: 'kept' };
    expect(organizations.change('acme', 'org-1', sentBack, authorship).configuration).toEqual({
      label: 'kept',
    });
    const set = organizations.set('acme', 'org-2', { configuration: sentBack }, startedAtMs);
    expect(set.configuration).toEqual({ label: 'kept' });
  });

  test('of a test has no audit record, and keeps the absent settings', () => {
    const { organizations, auditRecords } = open();
    organizations.set('acme', 'org-1', { configuration: { n: 1 }, version: 7 }, startedAtMs + 1);
    organizations.set('acme', 'org-1', { isAssigned: false }, startedAtMs + 2);
    expect(organizations.touched('acme')).toEqual([
      {
        organizationId: 'org-1',
        version: 7,
        configuration: { n: 1 },
        lastModifiedMs: startedAtMs + 1,
        isAssigned: false,
        isConfigured: true,
      },
    ]);
    expect(auditRecords.all('acme')).toEqual([]);
  });

  test('has no configuration of its own after a change of its version or assignment', () => {
    const { organizations } = open();
    expect(organizations.set('acme', 'org-1', { version: 7 }, startedAtMs).isConfigured).toBe(false);
  });
});
