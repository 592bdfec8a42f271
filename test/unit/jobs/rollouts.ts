import { createContentPolicy } from '../../../src/content/policy/policy.ts';
import { describeIssue } from '../../../src/core/issues.ts';
import { type ConfigRollout, configRollout } from '../../../src/jobs/config-rollout.ts';
import { parseJob } from '../../../src/jobs/define.ts';

const policy = createContentPolicy();

/** All issues of a rollout, formatted. Empty for a valid rollout. */
export function issuesOf(input: unknown): string[] {
  const parsed = parseJob(configRollout, input, policy);
  return parsed.ok ? [] : parsed.issues.map(describeIssue);
}

/** The checked rollout. Throws if it has issues. */
export function accepted(input: unknown): ConfigRollout {
  const parsed = parseJob(configRollout, input, policy);
  if (parsed.ok) return parsed.data;
  throw new Error(parsed.issues.map(describeIssue).join('; '));
}

/** The paths of issues. */
export function pathsOf(input: unknown): (string | undefined)[] {
  return issuesOf(input).map((issue) => issue.split(': ')[0]);
}

/** One step of each type that the runtime enqueues. */
export const STEPS = {
  organization: {
    tenantId: 'acme',
    type: 'organization',
    rolloutId: 'kabc',
    organizationId: 'org-01',
    settings: { widget: { theme: { colors: { primary: '#0052CC' } } } },
  },
  restore: {
    tenantId: 'acme',
    type: 'organization',
    rolloutId: 'kabc',
    organizationId: 'org-01',
    restore: [{ path: ['widget', 'theme'], from: { a: [1] }, to: null }, { path: ['greetings'] }],
    onConflict: 'abort',
    ifVersion: 3,
    dryRun: true,
    expiresAt: '2026-03-01T09:30:00Z',
    priority: 'urgent',
  },
  replication: {
    tenantId: 'acme',
    type: 'replication',
    rolloutId: 'kabc',
    sourceOrganizationId: 'org-01',
    targetOrganizationIds: ['org-02', 'org-03'],
    overwriteExisting: false,
  },
  'audit-read-back': {
    tenantId: 'acme',
    type: 'audit-read-back',
    rolloutId: 'kabc',
    since: '2026-03-01T09:30:00Z',
    organizations: [{ organizationId: 'org-01', version: 2 }],
  },
} as const;
