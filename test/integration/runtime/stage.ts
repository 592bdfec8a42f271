import { beforeAll, beforeEach } from 'vitest';
import { startWorker } from '../../support/gwm.ts';
import type { TestProcess } from '../../support/processes.ts';
import { type EndedJob, message, openSystem, type System, type SystemOptions } from '../../support/system.ts';

/** One worker process for a test file, and a tenant of its own for each test. */
export interface Stage {
  readonly system: System;
  readonly worker: TestProcess;
  /** The tenant of the current test. Nobody has sent anything for it yet: its bucket is full. */
  readonly tenantId: string;
  /** Hands over one message of the current tenant. */
  enqueue(fields?: object): Promise<string>;
  /** Hands over one message of the current tenant, and waits for its end. */
  run(fields?: object): Promise<EndedJob & { readonly jobId: string }>;
}

const TENANTS = Array.from({ length: 30 }, (_, index) => `tenant-${index}`);

/** Sets the stage for a test file; its parts are there once the tests run. */
export function setStage(options: Omit<SystemOptions, 'tenants'> = {}): Stage {
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
  const enqueue = async (fields?: object) => {
    const producer = system.openProducer();
    const data = message({ tenantId: tenantId(), ...fields });
    const { jobIds } = await producer.enqueue('message-transmission', data);
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
    async run(fields) {
      const jobId = await enqueue(fields);
      return { jobId, ...(await system.ended(jobId)) };
    },
  };
}
