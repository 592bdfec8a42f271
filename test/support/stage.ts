import { beforeAll, beforeEach } from 'vitest';
import type { JobInput, JobKind } from '../../src/jobs/catalog.ts';
import { startWorker } from './gwm.ts';
import type { TestProcess } from './processes.ts';
import { type EndedJob, openSystem, type System, type SystemOptions } from './system.ts';

/** One worker process for a test file. */
export interface Stage {
  readonly system: System;
  readonly worker: TestProcess;
  /**
   * The tenant of the current test. Each test has a new one with a full bucket, unless the tenants
   * are given.
   */
  readonly tenantId: string;
  /**
   * Gives the current test a tenant whose jobs are retried for a minute, however slow the machine
   * is. Other tenants give up within half a second.
   */
  usePatientTenant(): void;
  /** Enqueues one job of the current tenant. */
  enqueue(fields?: object, kind?: JobKind): Promise<string>;
  ended(jobId: string, kind?: JobKind, tenantId?: string): Promise<EndedJob>;
  /** Hands over one job of the current tenant, and waits for its end. */
  run(fields?: object, kind?: JobKind): Promise<EndedJob & { readonly jobId: string }>;
}

export interface StageOptions extends SystemOptions {
  /** The kind of the jobs, unless a test names another one. */
  readonly kind: JobKind;
  /** A job with these fields replaced. */
  readonly sample: (fields: object) => object;
}

const TENANTS = Array.from({ length: 40 }, (_, index) => `tenant-${index}`);
const PATIENT_TENANTS = TENANTS.map((id) => ({ id: `patient-${id}`, retryFor: '1m' }));

/** Prepares the stage of a test file. Its parts exist once the tests run. */
export function setStage({ kind: usual, sample, ...options }: StageOptions): Stage {
  let system: System;
  let worker: TestProcess;
  let test = -1;
  let isPatient = false;

  beforeAll(async () => {
    system = await openSystem({ tenants: [...TENANTS, ...PATIENT_TENANTS], ...options });
    worker = await startWorker(system);
  });
  beforeEach(async () => {
    test++;
    isPatient = false;
    await system.sandbox.reset();
  });

  const tenantId = () => {
    if (options.tenants) return 'acme';
    return (isPatient ? PATIENT_TENANTS[test]?.id : TENANTS[test]) ?? '';
  };
  const ended = (jobId: string, kind = usual, tenant = tenantId()) =>
    system.ended(jobId, { kind, tenantId: tenant });
  const enqueue = async (fields: object = {}, kind = usual) => {
    // If each test has its own tenant, a sample must not name another one.
    const own = { tenantId: tenantId() };
    const data = sample(options.tenants ? { ...own, ...fields } : { ...fields, ...own }) as JobInput<JobKind>;
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
    usePatientTenant() {
      isPatient = true;
    },
    enqueue,
    ended,
    async run(fields, kind) {
      const jobId = await enqueue(fields, kind);
      // A sample may name another tenant where the tenants were given.
      const named = options.tenants && fields ? (fields as { tenantId?: string }).tenantId : undefined;
      return { jobId, ...(await ended(jobId, kind, named)) };
    },
  };
}
