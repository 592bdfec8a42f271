import { type Backend, startBackend } from './backend.ts';
import type { Measured } from './figure.ts';
import { addGrouped, startGroupedWorker } from './grouped-queue.ts';
import type { Lab } from './lab.ts';
import { messages } from './messages.ts';
import { openProducer, startWorkers } from './our-worker.ts';
import { median } from './statistics.ts';
import { type BenchTenant, configure, UNLIMITED, writeTenants } from './tenants.ts';

const TENANTS: readonly BenchTenant[] = [{ id: 'acme', limit: UNLIMITED }];

/** Sends the same messages without errors, with one process each. */
export async function besideGroupmq(lab: Lab): Promise<Measured[]> {
  const backend = await startBackend(lab);
  const rates = { ours: [] as number[], ky: [] as number[], undici: [] as number[] };
  for (let round = 1; round <= lab.rounds(5); round++) {
    lab.say(`round ${round}: ours, one process`);
    rates.ours.push(await ours(lab, backend));
    for (const http of ['ky', 'undici'] as const) {
      lab.say(`round ${round}: groupmq and ${http}, one process`);
      rates[http].push(await grouped(lab, backend, http));
    }
  }
  const shared = { what: 'one process, no errors', ours: median(rates.ours), unit: 'messages/s' };
  return [
    {
      ...shared,
      reference: median(rates.ky),
      against: 'groupmq and ky (order alone)',
      target: { atLeast: 1 },
    },
    { ...shared, reference: median(rates.undici), against: 'groupmq and undici (order alone)' },
  ];
}

async function ours(lab: Lab, backend: Backend): Promise<number> {
  const prefix = lab.prefix();
  const tenantsFile = await writeTenants(lab, backend.url, TENANTS);
  await configure(lab, prefix, TENANTS);
  await using producer = openProducer(lab, prefix);
  await producer.enqueueMany('message-transmission', input(lab));
  return await time(lab, backend, async () => {
    const workers = await startWorkers(lab, { prefix, tenantsFile });
    return {
      [Symbol.asyncDispose]: async () => void (await Promise.all(workers.map((each) => each.stop()))),
    };
  });
}

async function grouped(lab: Lab, backend: Backend, http: 'ky' | 'undici'): Promise<number> {
  const namespace = lab.prefix();
  await addGrouped(lab, namespace, input(lab));
  return await time(lab, backend, () => startGroupedWorker(lab, { namespace, apiUrl: backend.url, http }));
}

/** The warm-up includes the start of the process. The clock runs for the rest only. */
async function time(lab: Lab, backend: Backend, start: () => Promise<AsyncDisposable>): Promise<number> {
  const [warmUp, count] = sizeOf(lab);
  const passing = backend.expect(warmUp + count, warmUp);
  const { warmMs, lastMs } = await (async () => {
    await using _worker = await start();
    return await passing;
  })();
  await lab.clear();
  return (count * 1000) / (lastMs - warmMs);
}

function input(lab: Lab) {
  const [warmUp, count] = sizeOf(lab);
  const tenantIds = TENANTS.map(({ id }) => id);
  return messages({ count: warmUp + count, tenantIds, perConversation: lab.pick(20, 4) });
}

/** Messages of the warm-up, and messages that count. */
function sizeOf(lab: Lab): [number, number] {
  return [lab.pick(2000, 40), lab.pick(20_000, 160)];
}
