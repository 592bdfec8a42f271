import { describe, expect, test } from 'vitest';
import type { JobInput } from '../../../../src/jobs/catalog.ts';
import { configurationRollout } from '../../../support/guides/configuration.ts';
import { deploymentRollout } from '../../../support/guides/deployment.ts';
import { startWorker } from '../../../support/gwm.ts';
import { openSystem, type System, type SystemOptions } from '../../../support/system.ts';
import { waitFor } from '../../../support/wait-for.ts';
import type { ShownConfiguration, ShownDeployment } from './organizations-stage.ts';

const KIND = 'config-rollout';
/** Other workers soon notice the kill of a worker, and a request that never arrived. */
const QUICK = { REQUEST_TIMEOUT: '500ms', LOCK_DURATION: '1s', PLATFORM_SETTLE_TIMEOUT: '3s' };

/** Each write of a deployment with its configuration. */
const WRITES = [
  'platform.configuration.create',
  'platform.draft.publish',
  'platform.deployment.create',
] as const;
/** Those of a change. */
const CHANGES = ['platform.draft.write', 'platform.deployment.update'] as const;

describe.each([
  ['before the request arrives', { hang: 1 }],
  ['after the request was accepted', { loseReplyRate: 1 }],
] as const)('the kill of a worker %s', (_, fault) => {
  test.each(WRITES)('at %s leaves one configuration, one version and one deployment', async (operation) => {
    const system = await openPlatform();

    const jobId = await killedAt(system, operation, fault, deployment());

    expect(await system.ended(jobId, { kind: KIND })).toMatchObject({
      state: 'completed',
      result: { status: 'created', versionAfter: 1 },
    });
    const [configuration, ...others] = await configurations(system);
    expect(others).toEqual([]);
    expect(configuration?.published).toHaveLength(1);
    expect(await deployments(system)).toMatchObject([
      { name: 'My Custom Styled Chat', configuration: { id: configuration?.id, version: '1' } },
    ]);
  });

  test.each(CHANGES)('at %s leaves one more version, and the deployment pinned to it', async (operation) => {
    const system = await openPlatform();
    await startWorker(system).then(async (worker) => {
      await run(system, deployment());
      worker.kill('SIGTERM');
      await worker.exit;
    });

    const changed = deployment({ language: 'de-DE' });
    const jobId = await killedAt(system, operation, fault, changed);

    expect(await system.ended(jobId, { kind: KIND })).toMatchObject({
      state: 'completed',
      result: { status: 'updated', versionAfter: 2 },
    });
    const [configuration, ...others] = await configurations(system);
    expect(others).toEqual([]);
    expect(configuration?.published).toHaveLength(2);
    expect(await deployments(system)).toMatchObject([{ configuration: { version: '2' } }]);
  });
});

test.each(['platform.configuration.create', 'platform.deployment.create'])(
  'what %s has made can be seen late, and is not made again',
  async (operation) => {
    const late = { notFoundForMs: 4000 };
    const system = await openPlatform({
      environment: { ...QUICK, PLATFORM_SETTLE_TIMEOUT: '30s' },
      sandbox: { platform: { configurations: late, deployments: late } },
    });

    const jobId = await killedAt(system, operation, { loseReplyRate: 1 }, deployment());

    expect(await system.ended(jobId, { kind: KIND })).toMatchObject({ result: { status: 'created' } });
    expect(await configurations(system)).toHaveLength(1);
    expect(await deployments(system)).toHaveLength(1);
  },
);

test('a rollout to two organizations survives the kill of a worker between them', async () => {
  const system = await openPlatform();
  const fault = { loseReplyRate: 1 };
  const rollout = configurationRollout({
    organizationIds: ['acme', 'umbrella'],
    ignoreUnsupported: true,
  });

  const jobId = await killedAt(system, 'platform.draft.publish', fault, rollout);

  expect(await system.ended(jobId, { kind: KIND })).toMatchObject({
    result: { status: 'completed', updated: 2, failed: 0 },
  });
  for (const tenant of ['acme', 'umbrella']) {
    const [configuration, ...others] = await configurations(system, tenant);
    expect(others).toEqual([]);
    expect(configuration?.published).toHaveLength(1);
  }
});

function openPlatform(options: SystemOptions = {}): Promise<System> {
  return openSystem({
    tenants: [
      { id: 'acme', dialect: 'platform' },
      { id: 'umbrella', dialect: 'platform' },
    ],
    environment: QUICK,
    ...options,
  });
}

function deployment(fields: object = {}) {
  return deploymentRollout({ ignoreUnsupported: true, ...fields });
}

async function run(system: System, data: object): Promise<void> {
  const { jobIds } = await system.openProducer().enqueue(KIND, data as JobInput<typeof KIND>);
  await system.ended(jobIds[0], { kind: KIND });
}

/** Enqueues a job, kills its worker at its first request for a write, and starts another worker. */
async function killedAt(system: System, operation: string, fault: object, data: object): Promise<string> {
  const { sandbox } = system;
  const before = (await sandbox.requests(operation)).length;
  await sandbox.inject({ operations: { [operation]: fault } });
  const victim = await startWorker(system);
  const { jobIds } = await system.openProducer().enqueue(KIND, data as JobInput<typeof KIND>);
  await waitFor(async () => (await sandbox.requests(operation)).length > before, {
    what: `a request for ${operation}`,
  });
  victim.kill('SIGKILL');
  await victim.exit;
  await sandbox.inject({});
  await startWorker(system);
  return jobIds[0] ?? '';
}

async function configurations({ sandbox }: System, tenant = 'acme'): Promise<ShownConfiguration[]> {
  return (await sandbox.platform('GET', `/configurations?tenant=${tenant}`)) as ShownConfiguration[];
}

async function deployments({ sandbox }: System): Promise<ShownDeployment[]> {
  return (await sandbox.platform('GET', '/deployments?tenant=acme')) as ShownDeployment[];
}
