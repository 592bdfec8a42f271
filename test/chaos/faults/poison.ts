import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { JobInput } from '../../../src/jobs/catalog.ts';
import { message, text } from '../../support/system.ts';
import type { Fault } from '../fault.ts';
import type { Stage } from '../stage.ts';

const POISONED = fileURLToPath(new URL('../poisoned-worker.ts', import.meta.url));
const DOSES = ['throw', 'hang', 'allocate', 'kill'] as const;
const KIND = 'message-transmission';
/** A worker that allocates 1 GiB ends. */
const HEAP_MB = 512;
/** Four deaths, each noticed after a lock. */
const WORKS_MS = 60_000;

export const POISON: Fault = {
  name: 'poison',
  group: 14,
  what: 'Jobs throw in the handler, block the process for longer than the lock, allocate 1 GiB with a heap of 512 MB, and kill the process. Others are garbage in Redis. A supervisor starts workers again.',
  full: { rounds: 1, replicas: 3, perSecond: 60 },
  settings: { REQUEST_TIMEOUT: '2s', LOCK_DURATION: '4s' },
  rules: { deadLetters: ['INTERNAL', 'JOB_CRASHED_WORKERS', 'JOB_DAMAGED', 'JOB_INVALID'] },
  async prepare(stage) {
    const { system, tenants, crew, workerEnvironment, load, scale } = stage;
    workerEnvironment['NODE_OPTIONS'] = `--import ${POISONED} --max-old-space-size=${HEAP_MB}`;
    // A job that throws is retried. The row does not wait for a day.
    await system.writeTenants(tenants.map((tenant) => ({ ...tenant, retryFor: '30s' })));
    crew.supervise();
    return async () => {
      const producer = system.openProducer();
      let faults = 0;
      for (let round = 0; round < scale.rounds; round++) {
        for (const dose of DOSES) {
          const body = text(`poison: ${dose}`);
          const data = message({ tenantId: 'acme', conversationId: `poison-${round}-${dose}`, body });
          const { jobIds } = await producer.enqueue(KIND, data as JobInput<typeof KIND>);
          jobIds.forEach(load.note);
          faults++;
        }
        faults += await writeGarbage(stage, round);
        await sleep(WORKS_MS);
      }
      return faults;
    };
  },
};

/** Jobs of a paused tenant, damaged while they wait: data that are not JSON, no data, another type. */
async function writeGarbage({ system, atEnd, complaints }: Stage, round: number): Promise<number> {
  const harms: ((key: string) => Promise<unknown>)[] = [
    (key) => system.client.hset(key, 'data', '{"tenantId": "ac'),
    (key) => system.client.hdel(key, 'data'),
    (key) => system.client.hset(key, 'data', '[[[[[['.repeat(1000)),
  ];
  const bucket = { tenantId: 'globex', bucketClass: 'messages' } as const;
  const producer = system.openProducer();
  const queue = system.queues.of(KIND, 'globex');
  const damaged: string[] = [];
  await system.flow.pause(bucket, 60_000, 'for the test');
  try {
    for (const [index, harm] of harms.entries()) {
      const data = message({ tenantId: 'globex', conversationId: `garbage-${round}-${index}` });
      const { jobIds } = await producer.enqueue(KIND, data as JobInput<typeof KIND>);
      for (const jobId of jobIds) {
        await harm(queue.toKey(jobId));
        damaged.push(jobId);
      }
    }
  } finally {
    await system.queues.wake(await system.flow.resume(bucket));
  }
  // A job without readable data has no tenant, and so no callback.
  atEnd.push(async () => {
    const states = await Promise.all(damaged.map((jobId) => queue.getJobState(jobId)));
    if (states.some((state) => state !== 'failed')) complaints.push(`damaged jobs are ${states}`);
  });
  return harms.length;
}
