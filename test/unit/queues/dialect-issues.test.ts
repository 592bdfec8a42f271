import { describe, expect, test } from 'vitest';
import { describeIssue } from '../../../src/core/issues.ts';
import { tenantsOf } from '../../../src/http/scoped-tenants.ts';
import type { JobKind } from '../../../src/jobs/catalog.ts';
import { prepare } from '../../../src/queues/prepare.ts';
import { configurationRollout } from '../../support/guides/configuration.ts';
import { deploymentRollout } from '../../support/guides/deployment.ts';
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
      'organizationIds[3]: expected a tenant in the partition of tenantId; enqueue a job for each tenant, or move one of them with gwm partitions move',
    ]);
  });

  test('are those that the key of a caller may use', () => {
    const key = { tenants: ['umbrella'] };
    const input = { tenantId: 'umbrella', organizationIds: ['umbrella', 'other'] };
    const scoped = tenantsOf(key, load(FILE));
    const { issues = [] } = prepare({ kind: 'audit-sync', index: 0, input, tenants: scoped, partitionOf });
    expect(issues.map(describeIssue)).toEqual([
      'organizationIds[1]: there is no such tenant in the tenants file',
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

describe('a rollout', () => {
  const UNAVAILABLE =
    'the dialect platform has no counterpart; set ignoreUnsupported to true to leave it out';

  test('to the platform is refused with the names of the fields without a counterpart', () => {
    const organizations = { tenantId: 'umbrella', organizationIds: ['umbrella', 'other'] };
    expect(issuesOf('config-rollout', configurationRollout(organizations))).toEqual(
      ['fontSizePx', 'greetings', 'availabilityRules', 'audienceSegments'].map(
        (field) => `configuration.${field}: ${UNAVAILABLE}`,
      ),
    );
    expect(issuesOf('config-rollout', deploymentRollout({ tenantId: 'umbrella' }))).toContain(
      `widget.theme.headerTextColor: ${UNAVAILABLE}`,
    );
  });

  test('to the platform may leave these out', () => {
    const fields = { tenantId: 'umbrella', ignoreUnsupported: true };
    const rollout = configurationRollout({ ...fields, organizationIds: ['umbrella', 'other'] });
    expect(
      issuesOf('config-rollout', { ...rollout, configurationName: 'Shop', deployments: ['Shop'] }),
    ).toEqual([]);
    expect(issuesOf('config-rollout', deploymentRollout(fields))).toEqual([]);
  });

  test('to several organizations names their configuration by its name', () => {
    const fields = { tenantId: 'umbrella', ignoreUnsupported: true, configurationId: 'c1' };
    expect(
      issuesOf('config-rollout', configurationRollout({ ...fields, organizationIds: ['umbrella'] })),
    ).toEqual([]);
    expect(
      issuesOf('config-rollout', configurationRollout({ ...fields, organizationIds: ['umbrella', 'far'] })),
    ).toEqual([
      expect.stringMatching(/^organizationIds\[1\]: expected a tenant in the partition/),
      'configurationId: expected configurationName for several organizations: an id is that of one of them',
    ]);
  });

  test('of the guest dialect has none of the fields of the platform', () => {
    const rollout = configurationRollout({
      ignoreUnsupported: true,
      configurationName: 'Shop',
      deployments: [],
    });
    expect(issuesOf('config-rollout', rollout)).toEqual(
      ['configurationName', 'deployments', 'ignoreUnsupported'].map(
        (field) => `${field}: expected no such field: only the dialect platform has it`,
      ),
    );
    expect(issuesOf('config-rollout', configurationRollout({ ignoreUnsupported: false }))).toEqual([]);
    expect(issuesOf('config-rollout', deploymentRollout({ allowedDomains: ['a.example'] }))).toHaveLength(1);
  });
});
