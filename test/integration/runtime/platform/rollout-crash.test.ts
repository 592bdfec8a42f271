import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JobInput } from '../../../../src/jobs/catalog.ts';
import { configurationRollout } from '../../../support/guides/configuration.ts';
import { deploymentRollout } from '../../../support/guides/deployment.ts';
import { createSuccession, type Succession } from '../../../support/succession.ts';
import { openSystem, type System, type SystemOptions } from '../../../support/system.ts';
import type { ShownConfiguration, ShownDeployment } from './organizations-stage.ts';

const KIND = 'config-rollout';
/** Other workers soon notice the kill of a worker, and a request that never arrived. */
const QUICK = {
  REQUEST_TIMEOUT: '500ms',
  LOCK_DURATION: '1s',
  JOB_RETRY_FOR: '1m',
  PLATFORM_SETTLE_TIMEOUT: '3s',
};

/** Each write of a deployment with its configuration. */
const WRITES = [
  'platform.configuration.create',
  'platform.draft.publish',
  'platform.deployment.create',
] as const;
/** Those of a change. */
const CHANGES = ['platform.draft.write', 'platform.deployment.update'] as const;

/** What happens to the request at which the worker dies. */
const FAULTS = [
  ['before the request arrives', { hang: 1 }],
  ['after the request was accepted', { loseReplyRate: 1 }],
] as const;

/** Each test has its own tenant. */
const TENANTS = FAULTS.flatMap(([when]) => [...WRITES, ...CHANGES].map((at) => tenantOf(when, at)));

describe('in one system', () => {
  let system: System;
  let workers: Succession;
  beforeAll(async () => {
    system = await openPlatform([...TENANTS, 'acme', 'umbrella']);
    workers = createSuccession(system);
  });
  beforeEach(() => system.sandbox.reset());

  describe.each(FAULTS)('the kill of a worker %s', (when, fault) => {
    test.each(WRITES)('at %s leaves one configuration, one version and one deployment', async (operation) => {
      const tenantId = tenantOf(when, operation);

      const jobId = await workers.killAt({ kind: KIND, data: deployment({ tenantId }), operation, fault });

      expect(await system.ended(jobId, { kind: KIND, tenantId })).toMatchObject({
        state: 'completed',
        result: { status: 'created', versionAfter: 1 },
      });
      const [configuration, ...others] = await configurations(system, tenantId);
      expect(others).toEqual([]);
      expect(configuration?.published).toHaveLength(1);
      expect(await deployments(system, tenantId)).toMatchObject([
        { name: 'My Custom Styled Chat', configuration: { id: configuration?.id, version: '1' } },
      ]);
    });

    test.each(CHANGES)(
      'at %s leaves one more version, and the deployment pinned to it',
      async (operation) => {
        const tenantId = tenantOf(when, operation);
        await workers.ready();
        await run(system, tenantId, deployment({ tenantId }));

        const changed = deployment({ tenantId, language: 'de-DE' });
        const jobId = await workers.killAt({ kind: KIND, data: changed, operation, fault });

        expect(await system.ended(jobId, { kind: KIND, tenantId })).toMatchObject({
          state: 'completed',
          result: { status: 'updated', versionAfter: 2 },
        });
        const [configuration, ...others] = await configurations(system, tenantId);
        expect(others).toEqual([]);
        expect(configuration?.published).toHaveLength(2);
        expect(await deployments(system, tenantId)).toMatchObject([{ configuration: { version: '2' } }]);
      },
    );
  });

  test('a rollout to two organizations survives the kill of a worker between them', async () => {
    const data = configurationRollout({ organizationIds: ['acme', 'umbrella'], ignoreUnsupported: true });

    const jobId = await workers.killAt({
      kind: KIND,
      data,
      operation: 'platform.draft.publish',
      fault: { loseReplyRate: 1 },
    });

    expect(await system.ended(jobId, { kind: KIND, tenantId: 'acme' })).toMatchObject({
      result: { status: 'completed', updated: 2, failed: 0 },
    });
    for (const tenant of ['acme', 'umbrella']) {
      const [configuration, ...others] = await configurations(system, tenant);
      expect(others).toEqual([]);
      expect(configuration?.published).toHaveLength(1);
    }
  });
});

test.each(['platform.configuration.create', 'platform.deployment.create'])(
  'what %s has made can be seen late, and is not made again',
  async (operation) => {
    const late = { notFoundForMs: 4000 };
    const system = await openPlatform(['acme'], {
      environment: { ...QUICK, PLATFORM_SETTLE_TIMEOUT: '30s' },
      sandbox: { platform: { configurations: late, deployments: late } },
    });
    const workers = createSuccession(system);

    const jobId = await workers.killAt({
      kind: KIND,
      data: deployment(),
      operation,
      fault: { loseReplyRate: 1 },
    });

    expect(await system.ended(jobId, { kind: KIND })).toMatchObject({ result: { status: 'created' } });
    expect(await configurations(system, 'acme')).toHaveLength(1);
    expect(await deployments(system, 'acme')).toHaveLength(1);
  },
);

function tenantOf(when: string, operation: string): string {
  return `${operation} ${when}`.replaceAll(/[ .]/g, '-');
}

function openPlatform(tenants: readonly string[], options: SystemOptions = {}): Promise<System> {
  return openSystem({
    tenants: tenants.map((id) => ({ id, dialect: 'platform' })),
    environment: QUICK,
    ...options,
  });
}

function deployment(fields: object = {}) {
  return deploymentRollout({ ignoreUnsupported: true, ...fields });
}

async function run(system: System, tenantId: string, data: object): Promise<void> {
  const { jobIds } = await system.openProducer().enqueue(KIND, data as JobInput<typeof KIND>);
  await system.ended(jobIds[0], { kind: KIND, tenantId });
}

async function configurations({ sandbox }: System, tenant: string): Promise<ShownConfiguration[]> {
  return (await sandbox.platform('GET', `/configurations?tenant=${tenant}`)) as ShownConfiguration[];
}

async function deployments({ sandbox }: System, tenant: string): Promise<ShownDeployment[]> {
  return (await sandbox.platform('GET', `/deployments?tenant=${tenant}`)) as ShownDeployment[];
}
