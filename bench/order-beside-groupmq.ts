import { startBackend } from './backend.ts';
import type { Measured } from './figure.ts';
import { addGrouped, startGroupedWorker } from './grouped-queue.ts';
import type { Lab } from './lab.ts';
import { messages } from './messages.ts';
import { openProducer, startWorkers } from './our-worker.ts';
import { type BenchTenant, configure, UNLIMITED, writeTenants } from './tenants.ts';

const TENANTS: readonly BenchTenant[] = [{ id: 'acme', limit: UNLIMITED }];

/** Sends the same messages without errors, with one process each. For information only. */
export async function besideGroupmq(lab: Lab): Promise<Measured> {
  const warmUp = lab.pick(2000, 100);
  const count = lab.pick(20_000, 300);
  const entries = () =>
    messages({
      count: warmUp + count,
      tenantIds: TENANTS.map(({ id }) => id),
      perConversation: lab.pick(20, 4),
    });
  const backend = await startBackend(lab);
  // The warm-up includes the start of the process. The clock runs for the rest only.
  const timed = async (start: () => Promise<AsyncDisposable>) => {
    const passing = backend.expect(warmUp + count, warmUp);
    await using _worker = await start();
    const { warmMs, lastMs } = await passing;
    return (count * 1000) / (lastMs - warmMs);
  };

  lab.say(`ours, ${count} messages, one process`);
  const prefix = lab.prefix();
  const tenantsFile = await writeTenants(lab, backend.url, TENANTS);
  await configure(lab, prefix, TENANTS);
  await using producer = openProducer(lab, prefix);
  await producer.enqueueMany('message-transmission', entries());
  const ours = await timed(async () => {
    const workers = await startWorkers(lab, { prefix, tenantsFile });
    return {
      [Symbol.asyncDispose]: async () => void (await Promise.all(workers.map((each) => each.stop()))),
    };
  });

  lab.say(`groupmq and ky, ${count} messages, one process`);
  const namespace = lab.prefix();
  await addGrouped(lab, namespace, entries());
  const reference = await timed(() => startGroupedWorker(lab, { namespace, apiUrl: backend.url }));

  return {
    what: 'one process, no errors',
    ours,
    reference,
    against: 'groupmq and ky (order alone)',
    unit: 'messages/s',
  };
}
