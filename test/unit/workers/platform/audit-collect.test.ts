import { expect, test } from 'vitest';
import { MAX_DETAILS_BYTES } from '../../../../src/audit/record.ts';
import { storedAs } from '../../../../workers/platform/audit/collect.ts';

const record = {
  id: 'record-1',
  occurredAt: '2026-03-01T12:00:00.000Z',
  service: 'WebDeployments',
  entity: 'Configuration',
  action: 'Update',
  status: null,
  details: {
    userHomeOrgId: 'org',
    propertyChanges: [{ property: 'name', oldValues: ['a'], newValues: ['b'] }],
  },
};

test('a record of the platform has its own id, the name of the action, and the tenant', () => {
  expect(storedAs('acme', record)).toEqual({
    tenantId: 'acme',
    id: 'record-1',
    source: 'genesys',
    occurredAt: '2026-03-01T12:00:00.000Z',
    action: 'WebDeployments:Configuration:Update',
    status: 'unknown',
    details: { ...record.details, organizationId: 'acme' },
  });
});

test('a record with large values keeps the names of its properties', () => {
  const newValues = ['x'.repeat(MAX_DETAILS_BYTES)];
  const details = { userHomeOrgId: 'org', propertyChanges: [{ property: 'name', newValues }, 'odd'] };
  expect(storedAs('acme', { ...record, details })?.details).toEqual({
    userHomeOrgId: 'org',
    propertyChanges: [{ property: 'name' }],
    isShortened: true,
    organizationId: 'acme',
  });
});

test('a record that is too large without them is not stored', () => {
  const details = { context: { text: 'x'.repeat(MAX_DETAILS_BYTES) } };
  expect(storedAs('acme', { ...record, details })).toBeUndefined();
});
