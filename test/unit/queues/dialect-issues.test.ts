import { describe, expect, test } from 'vitest';
import { describeIssue } from '../../../src/core/issues.ts';
import type { JobKind } from '../../../src/jobs/catalog.ts';
import { prepare } from '../../../src/queues/prepare.ts';
import { load, tenantOf } from '../tenants/tenants-file.ts';

const platform = (id: string) => tenantOf({ id, dialect: 'platform' });
const FILE = { tenants: [tenantOf(), platform('umbrella'), platform('other'), platform('far')] };
const partitionOf = (tenantId: string) => (tenantId === 'far' ? 1 : 0);

/** The issues of a job, one line each. */
function issuesOf(kind: JobKind, input: object): string[] {
  return (prepare({ kind, index: 0, input, tenants: load(FILE), partitionOf }).issues ?? []).map(
    describeIssue,
  );
}

describe('the organizations of a job of the platform', () => {
  const sync = (...organizationIds: string[]) =>
    issuesOf('audit-sync', { tenantId: 'umbrella', organizationIds });

  test('are tenants of that dialect, in its partition', () => {
    expect(sync('umbrella', 'other')).toEqual([]);
    expect(sync('umbrella', 'nothing', 'acme', 'far')).toEqual([
      'organizationIds[1]: there is no such tenant in the tenants file',
      'organizationIds[2]: expected a tenant of the dialect platform',
      'organizationIds[3]: expected a tenant in the partition of tenantId; enqueue a job for each tenant, or set PARTITIONS=1',
    ]);
  });
});

test('an audit sync of the guest dialect has no mode, and pages of at most 100', () => {
  const sync = { tenantId: 'acme', organizationIds: ['any organization'.replaceAll(' ', '-')] };
  expect(issuesOf('audit-sync', { ...sync, pageSize: 100 })).toEqual([]);
  expect(issuesOf('audit-sync', { ...sync, pageSize: 101, mode: 'async' })).toEqual([
    'mode: expected no mode: only the dialect platform has it',
    'pageSize: expected at most 100 in the dialect guest',
  ]);
});

test('a step of an audit sync cannot be enqueued', () => {
  const step = { tenantId: 'umbrella', organizationIds: ['umbrella'], syncId: 'k1' };
  expect(issuesOf('audit-sync', step)).toEqual([
    'type: audit-organization is a step that only other jobs start; it cannot be enqueued',
  ]);
});
