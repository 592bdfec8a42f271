import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startBackend } from './backend.ts';
import type { Benchmark } from './benchmark.ts';
import type { Lab } from './lab.ts';
import { messages } from './messages.ts';
import { openProducer, startWorkers } from './our-worker.ts';
import { type BenchTenant, configure, UNLIMITED, writeTenants } from './tenants.ts';

/** The bytes that remain of one message after its end. */
interface Remains {
  readonly redis: number;
  /** In the audit store, with its indexes. */
  readonly auditStore: number;
}

/** Measures the sizes that `gwm capacity` reckons with, beside that of a waiting job, which `memory` has. */
export const sizes: Benchmark = {
  name: 'sizes',
  summary: 'bytes of a delivered message in Redis and in the audit store, and of a bucket in Redis',

  async run(lab) {
    const kept = await remainsOfMessages(lab, { KEEP_COMPLETED: '1000000' });
    const forgotten = await remainsOfMessages(lab, { KEEP_COMPLETED: '0' });
    return {
      figures: [
        {
          what: 'Redis, delivered message',
          ours: kept.redis,
          reference: forgotten.redis,
          against: 'one that KEEP_COMPLETED does not keep',
          unit: 'bytes/job',
        },
      ],
      details: {
        auditRecordBytes: Math.round(kept.auditStore),
        bucketBytes: Math.round(await bytesPerBucket(lab)),
      },
    };
  },
};

async function remainsOfMessages(lab: Lab, env: Readonly<Record<string, string>>): Promise<Remains> {
  const count = lab.pick(20_000, 500);
  const tenants: readonly BenchTenant[] = [{ id: 'acme', limit: UNLIMITED }];
  const backend = await startBackend(lab);
  const prefix = lab.prefix();
  const tenantsFile = await writeTenants(lab, backend.url, tenants);
  await using producer = openProducer(lab, prefix);
  const before = await usedBytes(lab);
  lab.say(`a worker sends ${count} messages, with KEEP_COMPLETED=${env['KEEP_COMPLETED']}`);
  const [worker] = await startWorkers(lab, { prefix, tenantsFile, env });
  const arrived = backend.expect(count);
  const entries = messages({ count, tenantIds: ['acme'], perConversation: 4 });
  await producer.enqueueMany('message-transmission', entries);
  await arrived;
  // A worker that stops in order first ends its jobs, and then stores their audit records.
  await worker?.stop();
  const redis = ((await usedBytes(lab)) - before) / count;
  const database = join(dirname(tenantsFile), `${prefix}-audit.db`);
  await lab.clear();
  return { redis, auditStore: statSync(database).size / count };
}

/** Tenants without a job, with one bucket each. */
async function bytesPerBucket(lab: Lab): Promise<number> {
  const count = lab.pick(10_000, 500);
  const tenants = Array.from({ length: count }, (_, index) => ({ id: `tenant-${index}`, limit: UNLIMITED }));
  const before = await usedBytes(lab);
  await configure(lab, lab.prefix(), tenants);
  const bytes = ((await usedBytes(lab)) - before) / count;
  await lab.clear();
  return bytes;
}

async function usedBytes({ client }: Lab): Promise<number> {
  return Number(/^used_memory_dataset:(\d+)/m.exec(await client.info('memory'))?.[1]);
}
