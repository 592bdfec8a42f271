import { createContentPolicy } from '../../../src/content/policy.ts';
import { describeFault } from '../../../src/core/faults.ts';
import { type ConfigRollout, configRollout } from '../../../src/jobs/config-rollout.ts';
import { parseJob } from '../../../src/jobs/define.ts';

const policy = createContentPolicy();

/** All faults of a rollout, as people read them; none where it is good. */
export function faultsOf(input: unknown): string[] {
  const parsed = parseJob(configRollout, input, policy);
  return parsed.ok ? [] : parsed.faults.map(describeFault);
}

/** The checked rollout; throws where it has faults. */
export function accepted(input: unknown): ConfigRollout {
  const parsed = parseJob(configRollout, input, policy);
  if (parsed.ok) return parsed.data;
  throw new Error(parsed.faults.map(describeFault).join('; '));
}

/** The paths of faults. */
export function pathsOf(input: unknown): (string | undefined)[] {
  return faultsOf(input).map((fault) => fault.split(': ')[0]);
}

/** One of each step that the runtime enqueues. */
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
