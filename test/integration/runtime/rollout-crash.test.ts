import { describe, expect, test } from 'vitest';
import type { JobInput } from '../../../src/jobs/catalog.ts';
import { configurationRollout } from '../../support/guides/configuration.ts';
import { deploymentRollout } from '../../support/guides/deployment.ts';
import { startWorker } from '../../support/gwm.ts';
import { openSystem, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { KIND, organizations } from './rollout-stage.ts';

/** Other workers soon notice the kill of a worker. */
const QUICK = { REQUEST_TIMEOUT: '500ms', LOCK_DURATION: '1s' };

/** The requests of a rollout, in their order. */
const STEPS = [
  'configuration.read',
  'configuration.write',
  'configuration.replicate',
  'replication.read',
  'audit.query',
];

describe('the kill of a worker during a rollout', () => {
  test.for(STEPS)('before %s arrives lets another worker finish the rollout', async (step) => {
    const system = await openSystem({ environment: QUICK });
    await system.sandbox.inject({ operations: { [step]: { hang: 1 } } });

    const jobId = await killedAt(system, step, configurationRollout({ organizationIds: organizations(3) }));

    await expectWhole(system, jobId);
    expect(system.sandbox.stats()).toMatchObject({ duplicates: 0 });
  });

  test('after an accepted write without an answer causes no second write', async () => {
    const system = await openSystem({ environment: QUICK });
    const step = 'configuration.write';
    await system.sandbox.inject({ operations: { [step]: { loseReplyRate: 1 } } });

    const jobId = await killedAt(system, step, configurationRollout({ organizationIds: organizations(3) }));

    await expectWhole(system, jobId);
    const { byOperation, duplicates } = system.sandbox.stats();
    expect({ duplicates, accepted: byOperation[step]?.accepted }).toEqual({ duplicates: 0, accepted: 3 });
  });

  test('after a created deployment without an answer leaves one deployment', async () => {
    const system = await openSystem({ environment: QUICK });
    const step = 'deployment.create';
    await system.sandbox.inject({ operations: { [step]: { loseReplyRate: 1 } } });

    const jobId = await killedAt(system, step, deploymentRollout());

    expect(await system.ended(jobId, { kind: KIND })).toMatchObject({
      state: 'completed',
      result: { status: 'created' },
    });
    expect(await system.sandbox.deployments('acme')).toHaveLength(1);
  });
});

/** Enqueues a job, kills its worker at its first request for a step, and starts another worker. */
async function killedAt(system: System, step: string, data: object): Promise<string> {
  const victim = await startWorker(system);
  const { jobIds } = await system.openProducer().enqueue(KIND, data as JobInput<typeof KIND>);
  await waitFor(async () => (await system.sandbox.requests(step)).length > 0, {
    what: `a request for ${step}`,
  });
  victim.kill('SIGKILL');
  await victim.exit;
  await system.sandbox.inject({});
  await startWorker(system);
  return jobIds[0] ?? '';
}

/** The rollout has reached every organization, and has changed each once. */
async function expectWhole(system: System, jobId: string): Promise<void> {
  expect(await system.ended(jobId, { kind: KIND })).toMatchObject({
    state: 'completed',
    result: { status: 'completed', updated: 3, failed: 0, audit: { found: 3 } },
  });
  const all = await system.sandbox.organizations('acme');
  expect(all.map(({ version }) => version)).toEqual([2, 2, 2]);
  expect(await system.sandbox.auditRecords('acme')).toHaveLength(3);
}
