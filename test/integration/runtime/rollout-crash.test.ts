import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { configurationRollout } from '../../support/guides/configuration.ts';
import { deploymentRollout } from '../../support/guides/deployment.ts';
import { createSuccession, type Succession } from '../../support/succession.ts';
import { openSystem, type System } from '../../support/system.ts';
import { KIND, organizations } from './rollout-stage.ts';

/** Other workers soon notice the kill of a worker. */
const QUICK = { REQUEST_TIMEOUT: '500ms', LOCK_DURATION: '1s', JOB_RETRY_FOR: '1m' };

/** The requests of a rollout, in their order. */
const STEPS = [
  'configuration.read',
  'configuration.write',
  'configuration.replicate',
  'replication.read',
  'audit.query',
];

describe('the kill of a worker during a rollout', () => {
  let system: System;
  let workers: Succession;
  beforeAll(async () => {
    // Each test has its own tenant.
    system = await openSystem({ tenants: [...STEPS, 'written', 'created'], environment: QUICK });
    workers = createSuccession(system);
  });
  beforeEach(() => system.sandbox.reset());

  test.for(STEPS)('before %s arrives lets another worker finish the rollout', async (operation) => {
    const data = configurationRollout({ tenantId: operation, organizationIds: organizations(3) });

    const jobId = await workers.killAt({ kind: KIND, data, operation, fault: { hang: 1 } });

    await expectWhole(system, operation, jobId);
    expect(system.sandbox.stats()).toMatchObject({ duplicates: 0 });
  });

  test('after an accepted write without an answer causes no second write', async () => {
    const operation = 'configuration.write';
    const data = configurationRollout({ tenantId: 'written', organizationIds: organizations(3) });

    const jobId = await workers.killAt({ kind: KIND, data, operation, fault: { loseReplyRate: 1 } });

    await expectWhole(system, 'written', jobId);
    const { byOperation, duplicates } = system.sandbox.stats();
    expect({ duplicates, accepted: byOperation[operation]?.accepted }).toEqual({
      duplicates: 0,
      accepted: 3,
    });
  });

  test('after a created deployment without an answer leaves one deployment', async () => {
    const operation = 'deployment.create';
    const data = deploymentRollout({ tenantId: 'created' });

    const jobId = await workers.killAt({ kind: KIND, data, operation, fault: { loseReplyRate: 1 } });

    expect(await system.ended(jobId, { kind: KIND, tenantId: 'created' })).toMatchObject({
      state: 'completed',
      result: { status: 'created' },
    });
    expect(await system.sandbox.deployments('created')).toHaveLength(1);
  });
});

/** The rollout has reached every organization, and has changed each once. */
async function expectWhole(system: System, tenantId: string, jobId: string): Promise<void> {
  expect(await system.ended(jobId, { kind: KIND, tenantId })).toMatchObject({
    state: 'completed',
    result: { status: 'completed', updated: 3, failed: 0, audit: { found: 3 } },
  });
  const all = await system.sandbox.organizations(tenantId);
  expect(all.map(({ version }) => version)).toEqual([2, 2, 2]);
  expect(await system.sandbox.auditRecords(tenantId)).toHaveLength(3);
}
