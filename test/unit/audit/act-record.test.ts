import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { ACT_STATUSES, ACTIONS, type Act, actRecordsOf } from '../../../src/audit/act-record.ts';
import { INSTALLATION, parseRecord, requireRecord } from '../../../src/audit/record.ts';
import { tenantId } from '../../../src/jobs/fields.ts';

const NOW = Date.UTC(2026, 2, 1);
const ACT: Act = {
  by: 'k_1',
  keyName: 'crm',
  action: 'key.created',
  status: 'done',
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
        details: { by: 'k_1', keyName: 'crm', subject: 'k_2', scopes: ['send'] },
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
    expect(record?.details).toEqual({ by: 'k_1', keyName: 'crm', subject: 'k_2' });
  });
});

test('docs/audit.md has every action and status', async () => {
  const docs = await readFile('docs/audit.md', 'utf8');

  for (const word of [...ACTIONS, ...ACT_STATUSES]) expect(docs).toContain(`| \`${word}\` |`);
});

test('the chain of the installation is that of no tenant', () => {
  expect(tenantId.safeParse(INSTALLATION).success).toBe(false);
  const [record] = actRecordsOf(ACT, NOW, 'id-1');
  expect(parseRecord({ ...record, tenantId: `${INSTALLATION}x` }).ok).toBe(false);
});
