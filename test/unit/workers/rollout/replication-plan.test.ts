import { describe, expect, test } from 'vitest';
import type { WebchatConfigurationRollout } from '../../../../src/jobs/config-rollout.ts';
import { type OrganizationOutcome, outcomesOf } from '../../../../workers/rollout/outcomes.ts';
import { planReplication } from '../../../../workers/rollout/replication-plan.ts';

const WANTED = { replicate: true, dryRun: false } as WebchatConfigurationRollout;

describe('the replication of a configuration', () => {
  test('goes from the first organization to the others that have it', () => {
    const outcomes = outcomesWith('updated', 'unchanged', 'failed', 'updated');
    expect(planReplication(WANTED, outcomes)).toEqual({
      sourceOrganizationId: 'org-1',
      targetOrganizationIds: ['org-2', 'org-4'],
    });
  });

  test.for([
    { why: 'not-wanted', when: 'the rollout does not ask for it', data: { ...WANTED, replicate: false } },
    { why: 'not-wanted', when: 'nothing was changed', data: { ...WANTED, dryRun: true } },
  ])('is not planned if $when', ({ why, data }) => {
    expect(planReplication(data, outcomesWith('updated', 'updated'))).toEqual({ skipped: why });
  });

  test.for([
    { why: 'not-wanted', when: 'there is one organization only', outcomes: outcomesWith('updated') },
    {
      why: 'source-failed',
      when: 'the first one does not have it',
      outcomes: outcomesWith('failed', 'updated'),
    },
    {
      why: 'no-targets',
      when: 'no other organization has it',
      outcomes: outcomesWith('updated', 'failed', 'removed'),
    },
    {
      why: 'cancelled',
      when: 'an operator cancelled the rollout',
      outcomes: [
        ...outcomesWith('updated', 'updated'),
        { ...outcome('org-3', 'failed'), error: 'JOB_CANCELLED: cancelled before it was sent' },
      ],
    },
  ])('is not planned if $when', ({ why, outcomes }) => {
    expect(planReplication(WANTED, outcomes)).toEqual({ skipped: why });
  });
});

describe('the outcomes of organizations', () => {
  test('keep the order of the list, and a missing step counts as removed', () => {
    const states = new Map([
      ['organization-2', { status: 'failed', reason: 'NOT_FOUND: nothing there' } as const],
      ['organization-1', { status: 'done', result: { status: 'updated', versionAfter: 3 } } as const],
    ]);
    expect(outcomesOf(['b', 'a', 'c'], states)).toMatchObject([
      { organizationId: 'b', status: 'updated', versionAfter: 3, error: null },
      { organizationId: 'a', status: 'failed', versionAfter: null, error: 'NOT_FOUND: nothing there' },
      { organizationId: 'c', status: 'removed' },
    ]);
  });
});

function outcomesWith(...statuses: OrganizationOutcome['status'][]): OrganizationOutcome[] {
  return statuses.map((status, index) => outcome(`org-${index + 1}`, status));
}

function outcome(organizationId: string, status: OrganizationOutcome['status']): OrganizationOutcome {
  const nothing = { versionBefore: null, versionAfter: null, latencyMs: null, error: null };
  return { ...nothing, organizationId, status, conflictsResolved: 0, conflictFields: [], changes: [] };
}
