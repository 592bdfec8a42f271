import { describe, expect, test } from 'vitest';
import { ACTIONS, type Act, actRecordsOf, commandLineUser } from '../../../src/audit/act-record.ts';
import { INSTALLATION, parseRecord, requireRecord } from '../../../src/audit/record.ts';
import { tenantId } from '../../../src/jobs/fields.ts';

const NOW = Date.UTC(2026, 2, 1);
const ACT: Act = {
  by: 'k_1',
  action: 'key.created',
  subject: 'k_2',
  tenants: ['acme', 'globex'],
  details: { scopes: ['send'] },
};

describe('the audit records of an act', () => {
  test('say who did what to which subject, and when, in the chain of each tenant', () => {
    const records = actRecordsOf(ACT, NOW, 'id-1');

    expect(records).toEqual(
      ['acme', 'globex'].map((tenant) => ({
        tenantId: tenant,
        id: 'act-id-1',
        source: 'operator',
        occurredAt: '2026-03-01T00:00:00.000Z',
        action: 'key.created',
        status: 'done',
        details: { by: 'k_1', subject: 'k_2', scopes: ['send'] },
      })),
    );
    expect(JSON.stringify(records[0])).not.toContain('globex');
  });

  test('are sound for every action', () => {
    for (const action of ACTIONS) {
      for (const record of actRecordsOf({ ...ACT, action, tenants: 'all' }, NOW, 'id-1')) {
        expect(requireRecord(record)).toEqual(record);
        expect(record.tenantId).toBe(INSTALLATION);
      }
    }
  });

  test('cannot have their subject or author replaced by details', () => {
    const [record] = actRecordsOf({ ...ACT, details: { by: 'x', subject: 'x' } }, NOW, 'id-1');
    expect(record?.details).toEqual({ by: 'k_1', subject: 'k_2' });
  });
});

test('the chain of the installation is that of no tenant', () => {
  expect(tenantId.safeParse(INSTALLATION).success).toBe(false);
  const [record] = actRecordsOf(ACT, NOW, 'id-1');
  expect(parseRecord({ ...record, tenantId: `${INSTALLATION}x` }).ok).toBe(false);
});

test('the user of a command is printable and bounded', () => {
  expect(commandLineUser()).toMatch(/^cli:[^\p{C}\p{Z}]{1,64}$/u);
});
