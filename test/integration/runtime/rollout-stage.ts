import { beforeAll, beforeEach } from 'vitest';
import type { JobInput, JobKind } from '../../../src/jobs/catalog.ts';
import { startWorker } from '../../support/gwm.ts';
import type { TestProcess } from '../../support/processes.ts';
import { configurationOf, configurationRollout } from '../../support/rollouts.ts';
import { type EndedJob, openSystem, type System, type SystemOptions } from '../../support/system.ts';

/** The kind of job that is tried here, unless a test says otherwise. */
export const KIND = 'config-rollout';

/** One worker process for a test file, and a tenant of its own for each test. */
export interface RolloutStage {
  readonly system: System;
  readonly worker: TestProcess;
  /** The tenant of the current test. Nothing has been rolled out for it yet. */
  readonly tenantId: string;
  /** Hands over one job of the current tenant. */
  enqueue(fields: object, kind?: JobKind): Promise<string>;
  ended(jobId: string, kind?: JobKind): Promise<EndedJob>;
  /** Hands over one job of the current tenant, and waits for its end. */
  run(fields: object, kind?: JobKind): Promise<EndedJob & { readonly jobId: string }>;
  /** The configuration of an organization of the current tenant, with its version. */
  organization(organizationId: string): Promise<Configured>;
}

export interface Configured {
  readonly version: number;
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** The sample rollout; `fields` replaces its own, and `configuration` those of its configuration. */
export function rollout(fields: object = {}, configuration: Readonly<Record<string, unknown>> = {}): object {
  return configurationRollout({ configuration: configurationOf(configuration), ...fields });
}

/** Organizations with their own ids. */
export function organizations(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `org-${index + 1}`);
}

const TENANTS = Array.from({ length: 40 }, (_, index) => `tenant-${index}`);

/** Sets the stage for a test file; its parts are there once the tests run. */
export function setRolloutStage(options: Omit<SystemOptions, 'tenants'> = {}): RolloutStage {
  let system: System;
  let worker: TestProcess;
  let tenant = -1;

  beforeAll(async () => {
    system = await openSystem({ ...options, tenants: TENANTS });
    worker = await startWorker(system);
  });
  beforeEach(async () => {
    tenant++;
    await system.sandbox.reset();
  });

  const tenantId = () => TENANTS[tenant] ?? '';
  const ended = (jobId: string, kind: JobKind = KIND) => system.ended(jobId, { kind, tenantId: tenantId() });
  const enqueue = async (fields: object, kind: JobKind = KIND) => {
    const data = { ...fields, tenantId: tenantId() } as JobInput<JobKind>;
    const { jobIds } = await system.openProducer().enqueue(kind, data);
    return jobIds[0] ?? '';
  };
  return {
    get system() {
      return system;
    },
    get worker() {
      return worker;
    },
    get tenantId() {
      return tenantId();
    },
    enqueue,
    ended,
    async run(fields, kind) {
      const jobId = await enqueue(fields, kind);
      return { jobId, ...(await ended(jobId, kind)) };
    },
    async organization(organizationId) {
      const all = await system.sandbox.organizations(tenantId());
      const found = all.find((each) => each.organizationId === organizationId);
      if (!found) throw new Error(`The sandbox was never asked for ${organizationId}`);
      return found;
    },
  };
}
