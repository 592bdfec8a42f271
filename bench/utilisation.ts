import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark } from './benchmark.ts';
import { messages } from './messages.ts';
import { openProducer, startWorkers } from './our-worker.ts';
import { type BenchSandbox, startSandbox } from './sandbox.ts';
import { type BenchTenant, configure, writeTenants } from './tenants.ts';

/** Two limits of Genesys Cloud: 100 per second and 300 per minute (docs/guides.md#rate-limits). */
const TENANTS: readonly BenchTenant[] = [
  { id: 'per-second', limit: { capacity: 100, ratePerSecond: 100 } },
  { id: 'per-minute', limit: { capacity: 300, ratePerSecond: 5 } },
];

const LOOK_AGAIN_MS = 50;

interface Use {
  /** Messages per second after the burst. */
  readonly perSecond: number;
  readonly allowedPerSecond: number;
  /** All messages, as a share of the capacity and the refill in that time. */
  readonly shareWithBurst: number;
}

/** Shows whether workers use the whole allowance of a tenant, and not more. */
export const utilisation: Benchmark = {
  name: 'utilisation',
  summary: 'a backlog, three replicas, limits of 100 a second and of 300 a minute, against the sandbox',

  async run(lab) {
    const sandbox = await startSandbox(lab, TENANTS);
    const prefix = lab.prefix();
    await configure(lab, prefix, TENANTS);
    const settleMs = lab.pick(5000, 300);
    const durationMs = lab.pick(60_000, 3000);

    const producer = lab.keep(openProducer(lab, prefix));
    for (const { id, limit } of TENANTS) {
      const needed = limit.capacity + (limit.ratePerSecond * (settleMs + durationMs)) / 1000;
      const count = Math.ceil(needed * 1.2);
      lab.say(`${count} messages of ${id}`);
      const entries = messages({ count, tenantIds: [id], perConversation: 4 });
      await producer.enqueueMany('message-transmission', entries);
    }
    const tenantsFile = await writeTenants(lab, sandbox.url, TENANTS);
    await startWorkers(lab, { prefix, tenantsFile, replicas: lab.pick(3, 2) });
    lab.say(`watching for ${(settleMs + durationMs) / 1000} s`);
    await sleep(settleMs + durationMs);
    const uses = await usesOf(sandbox, settleMs);
    const { rateLimited, duplicates, outOfOrder } = await sandbox.stats();
    return {
      figures: uses.map(({ perSecond, allowedPerSecond }, index) => ({
        what: TENANTS[index]?.id ?? '',
        ours: perSecond,
        reference: allowedPerSecond,
        against: 'the allowance',
        unit: 'messages/s',
        target: { atLeast: 0.99 },
      })),
      details: {
        rateLimited,
        duplicates,
        outOfOrder,
        shareWithBurst: Object.fromEntries(
          uses.map((use, index) => [TENANTS[index]?.id, use.shareWithBurst]),
        ),
      },
    };
  },
};

/** A machine that is slow to start the workers has no rate yet: the watch then goes on. */
async function usesOf(sandbox: BenchSandbox, settleMs: number): Promise<Use[]> {
  for (;;) {
    const uses = await Promise.all(TENANTS.map((tenant) => useOf(sandbox, tenant, settleMs)));
    if (uses.every(({ perSecond }) => Number.isFinite(perSecond))) return uses;
    await sleep(LOOK_AGAIN_MS);
  }
}

async function useOf(sandbox: BenchSandbox, { id, limit }: BenchTenant, settleMs: number): Promise<Use> {
  const times = await sandbox.acceptedAtMs(id);
  const [firstMs = 0] = times;
  const lastMs = times.at(-1) ?? firstMs;
  const steady = times.filter((atMs) => atMs >= firstMs + settleMs);
  const steadyMs = lastMs - (steady[0] ?? lastMs);
  const allowed = limit.capacity + (limit.ratePerSecond * (lastMs - firstMs)) / 1000;
  return {
    // From the first to the last message, because the watch starts and ends at any point between.
    perSecond: ((steady.length - 1) * 1000) / steadyMs,
    allowedPerSecond: limit.ratePerSecond,
    shareWithBurst: times.length / allowed,
  };
}
