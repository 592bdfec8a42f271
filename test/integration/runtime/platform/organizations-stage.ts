import { beforeAll, beforeEach } from 'vitest';
import type { JobInput, JobKind } from '../../../../src/jobs/catalog.ts';
import { configurationOf } from '../../../support/guides/configuration.ts';
import { deploymentOf, messenger } from '../../../support/guides/messenger.ts';
import { startWorker } from '../../../support/gwm.ts';
import type { TestProcess } from '../../../support/processes.ts';
import { type EndedJob, openSystem, type System, type SystemOptions } from '../../../support/system.ts';

/** A configuration of the sandbox, with its draft and its versions. */
export interface ShownConfiguration {
  readonly id: string;
  readonly draft: ShownVersion;
  readonly published: readonly ShownVersion[];
}

export type ShownVersion = Readonly<Record<string, unknown>> & { readonly version: string };

export interface ShownDeployment extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly name: string;
  readonly configuration: { readonly id: string; readonly version: string };
}

/** One worker process for a test file. Each test has tenants of its own, of the dialect platform. */
export interface PlatformStage {
  readonly system: System;
  readonly worker: TestProcess;
  /** The tenants of the current test; each is one organization. */
  readonly tenants: readonly [string, string, string];
  /** Hands over a job of the first tenant, and waits for its end. */
  run(kind: JobKind, fields: object): Promise<EndedJob & { readonly jobId: string }>;
  /** The same for a rollout of the guide's configuration, where these fields do not say more. */
  rollOut(fields: object): Promise<EndedJob & { readonly jobId: string }>;
  /** Another administrator changes a configuration after the next such request of the tenant. */
  interfere(after: string, changes: object, tenant?: string): Promise<void>;
  /** A configuration that is active and published as version 1. */
  setConfiguration(tenant: string, id: string, fields?: Readonly<Record<string, unknown>>): Promise<void>;
  /** A deployment that is active. */
  setDeployment(tenant: string, id: string, configurationId: string, name?: string): Promise<void>;
  configurations(tenant: string): Promise<readonly ShownConfiguration[]>;
  deployments(tenant: string): Promise<readonly ShownDeployment[]>;
  /** Changes settings of the sandbox until the end of the test. */
  settings(settings: object): Promise<void>;
}

const TESTS = 25;

/** Prepares a test file. The parts are there once the tests run. */
export function setPlatformStage(options: Omit<SystemOptions, 'tenants'> = {}): PlatformStage {
  const names = (index: number) => ['a', 'b', 'c'].map((part) => `platform-${index}-${part}`);
  let system: System;
  let worker: TestProcess;
  let test = -1;

  beforeAll(async () => {
    const tenants = Array.from({ length: TESTS }, (_, index) => names(index)).flat();
    system = await openSystem({ tenants: tenants.map((id) => ({ id, dialect: 'platform' })), ...options });
    worker = await startWorker(system);
  });
  beforeEach(async () => {
    test++;
    await system.sandbox.reset();
  });

  const run: PlatformStage['run'] = async (kind, fields) => {
    const [tenantId = ''] = names(test);
    const data = { tenantId, ...fields } as JobInput<JobKind>;
    const { jobIds } = await system.openProducer().enqueue(kind, data);
    const jobId = jobIds[0] ?? '';
    return { jobId, ...(await system.ended(jobId, { kind, tenantId: data.tenantId })) };
  };

  const list = (path: string, tenant: string) =>
    system.sandbox.platform('GET', `${path}?${new URLSearchParams({ tenant })}`);
  return {
    get system() {
      return system;
    },
    get worker() {
      return worker;
    },
    get tenants() {
      return names(test) as [string, string, string];
    },
    run,
    rollOut: (fields) =>
      run('config-rollout', { configuration: configurationOf(), ignoreUnsupported: true, ...fields }),
    async interfere(after, changes, tenant = names(test)[0]) {
      const plan = { tenant, changes, after, times: 1 };
      await system.sandbox.platform('PUT', '/foreign-administrator', plan);
    },
    async setConfiguration(tenant, id, fields) {
      await system.sandbox.platform('PUT', '/configurations', {
        tenant,
        id,
        configuration: messenger(fields),
      });
    },
    async setDeployment(tenant, id, configurationId, name) {
      const deployment = deploymentOf({ id: configurationId, version: '1' }, name);
      await system.sandbox.platform('PUT', '/deployments', { tenant, id, deployment });
    },
    configurations: async (tenant) => (await list('/configurations', tenant)) as ShownConfiguration[],
    deployments: async (tenant) => (await list('/deployments', tenant)) as ShownDeployment[],
    async settings(settings) {
      await system.sandbox.platform('PUT', '/settings', settings);
    },
  };
}
