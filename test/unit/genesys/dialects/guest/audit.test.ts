import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guest } from '../../../../../src/genesys/dialects/guest/guest.ts';
import { deepObject, failureOf } from '../../failures.ts';

const { queryAudit } = guest;

const query = {
  organizationIds: ['ORG_ID_1'],
  actions: ['webchat:configuration:update'],
  from: '2024-01-01T00:00:00.000Z',
  to: '2024-12-31T23:59:59.999Z',
  page: 1,
  pageSize: 25,
};

const record = {
  id: 'a-1',
  timestamp: '2024-05-01T10:00:00+02:00',
  action: 'webchat:configuration:update',
  organizationId: 'ORG_ID_1',
  status: 'success',
  version: 2,
  changes: { version: { from: 1, to: 2 } },
};

describe('audit records are queried', () => {
  test('with the documented address, scope and body', () => {
    expect(queryAudit).toMatchObject({ method: 'POST', scope: 'audit:read' });
    expect(queryAudit.path(query)).toBe('/api/v2/audit/records/query');
    expect(queryAudit.body(query, new Date())).toEqual({
      query: {
        actions: ['webchat:configuration:update'],
        organizations: ['ORG_ID_1'],
        timeRange: { start: '2024-01-01T00:00:00.000Z', end: '2024-12-31T23:59:59.999Z' },
      },
      pageSize: 25,
      page: 1,
    });
    expect(guest.login.scopes).toContain('audit:read');
  });
});

describe('a page of audit records', () => {
  test('has each record with its time in UTC, and the number of all records', () => {
    expect(queryAudit.read({ records: [record], total: 51, pageCount: 3, page: 1 }, 200)).toEqual({
      records: [
        {
          id: 'a-1',
          timestamp: '2024-05-01T08:00:00.000Z',
          action: 'webchat:configuration:update',
          organizationId: 'ORG_ID_1',
          status: 'success',
          details: { version: 2, changes: { version: { from: 1, to: 2 } } },
        },
      ],
      unreadable: 0,
      total: 51,
      pageCount: 3,
    });
  });

  test('may lack the number of records, and a record may lack all but id, time and action', () => {
    const { id, timestamp, action } = record;
    expect(queryAudit.read({ records: [{ id, timestamp, action, status: 7 }] }, 200)).toEqual({
      records: [
        {
          id,
          timestamp: '2024-05-01T08:00:00.000Z',
          action,
          organizationId: null,
          status: null,
          details: {},
        },
      ],
      unreadable: 0,
      total: null,
      pageCount: null,
    });
    expect(queryAudit.read({ records: [], total: -1, pageCount: 'many' }, 200)).toMatchObject({
      total: null,
      pageCount: null,
    });
  });

  test('counts unusable entries, and keeps the others', () => {
    const odd = [
      null,
      'text',
      { ...record, id: undefined },
      { ...record, id: 'x'.repeat(201) },
      { ...record, timestamp: 'today' },
      { ...record, timestamp: '2024-05-01' },
      { ...record, action: '' },
      { ...record, details: deepObject() },
      { ...record, details: JSON.parse('{"__proto__":{"polluted":1}}') },
    ];
    const page = queryAudit.read({ records: [record, ...odd, record] }, 200);
    expect(page.records).toHaveLength(2);
    expect(page.unreadable).toBe(odd.length);
    expect('polluted' in {}).toBe(false);
  });

  test('counts every entry once, of any shape', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.anything(), fc.constant(record)), { maxLength: 10 }), (records) => {
        const page = queryAudit.read({ records }, 200);
        expect(page.records.length + page.unreadable).toBe(records.length);
      }),
    );
  });

  test.for([[{}], [{ records: 'none' }], [{ records: null }], [null], ['text'], [[]]])(
    'cannot be read from %j',
    ([body]) => {
      expect(failureOf(queryAudit, body)).toMatchObject({ code: 'ANSWER_MALFORMED', disposition: 'reject' });
    },
  );

  test('is queried again if the answer is incomplete', () => {
    expect(failureOf(queryAudit, undefined).code).toBe('GENESYS_UNAVAILABLE');
  });
});
