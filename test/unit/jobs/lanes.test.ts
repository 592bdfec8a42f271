import { expect, test } from 'vitest';
import * as samples from '../../../src/http/routes/samples.ts';
import { CATALOG, JOB_KINDS } from '../../../src/jobs/catalog.ts';
import { id } from '../../../src/jobs/fields.ts';
import { shownLane } from '../../../src/jobs/shown/job.ts';

const OTHERS = [
  ['audit-sync', samples.auditSync, 'all audit-syncs'],
  ['config-rollout', { ...samples.rollout, type: 'webchat-configuration' }, 'all rollouts'],
  ['config-rollout', { ...samples.rollout, type: 'rollback' }, 'all rollouts'],
  ['config-rollout', { type: 'organization', organizationId: 'org-01' }, 'organization org-01'],
  ['embed-generation', { widgetId: 'w-1' }, 'widget w-1'],
] as const;

test.each(OTHERS)(
  'a lane of %s has a name that no conversation can have, and is shown',
  (kind, data, lane) => {
    const laneOf: (data: never) => string | null = CATALOG[kind].lane;

    expect(laneOf(data as never)).toBe(lane);
    expect(shownLane(lane)).toBe(lane);
    expect(id.safeParse(lane).success).toBe(false);
  },
);

test('the name of a deployment that people read is not shown', () => {
  expect(shownLane('deployment My Chat')).toBe('deployment (7 characters)');
  expect(shownLane('deployment 0f8fad5b-d9cb-469f-a165-70867728950e')).toMatch(/950e$/);
});

test('every kind with a lane of its own is named here, or has that of a conversation', () => {
  const named = new Set<string>(OTHERS.map(([kind]) => kind));
  const others = JOB_KINDS.filter((kind) => !named.has(kind));
  expect(others).toEqual(expect.arrayContaining(['message-transmission', 'card-delivery']));
  expect(others).toHaveLength(3);
});
