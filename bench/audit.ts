import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EntryReport } from '../src/queues/submit.ts';
import { createKeys } from '../src/redis/keys.ts';
import { openPostgresServer } from '../test/support/postgres-server.ts';
import { type Backend, nowMs, startBackend } from './backend.ts';
import type { Benchmark } from './benchmark.ts';
import type { Measured } from './figure.ts';
import type { Lab } from './lab.ts';
import { type Message, messages } from './messages.ts';
import { openProducer, startWorkers } from './our-worker.ts';
import { median, percentile } from './statistics.ts';
import { type BenchTenant, configure, UNLIMITED, writeTenants } from './tenants.ts';

const TENANTS: readonly BenchTenant[] = ['acme', 'globex', 'initech'].map((id) => ({ id, limit: UNLIMITED }));

/** The producer enqueues a batch of messages this often. Each message makes one audit record. */
const TICK_MS = 25;

/** A place for the audit records. */
interface Store {
  readonly name: string;
  /** The database of a round, which has no records of another round of SQLite. */
  databaseUrl(roundName: string): string;
}

interface Round {
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
  /** Stored records as a share of new ones. It is above 1 when a backlog got shorter. */
  readonly storedShare: number;
}

/** The share of the offered rate that must arrive. The last messages arrive after the last tick. */
const HELD_SHARE = 0.95;

/** A database that cannot be opened: the records stay in Redis. */
const NO_RELAY = 'no relay';

/**
 * Shows whether the relay stores audit records as fast as messages make them, and whether it delays
 * the messages. It measures the two at different rates: above the rate that the machine holds,
 * messages wait, and their p99 is the length of that backlog.
 */
export const audit: Benchmark = {
  name: 'audit',
  summary: '300 and then 1,000 messages a second, one worker, its audit records to SQLite and PostgreSQL',

  async run(lab) {
    const withoutRelay: Store = {
      name: NO_RELAY,
      databaseUrl: () => `sqlite:${join(lab.folder, 'no-such-folder', 'audit.db')}`,
    };
    const sqlite: Store = {
      name: 'SQLite',
      databaseUrl: (roundName) => `sqlite:${join(lab.folder, `audit-${roundName}.db`)}`,
    };
    const stores = [sqlite, ...(await postgres(lab))];
    const heldPerSecond = lab.pick(300, 100);
    const fullPerSecond = lab.pick(1000, 200);
    const held = new Map<string, Round[]>();
    const full = new Map<string, Round[]>();
    for (let round = 1; round <= lab.rounds(3); round++) {
      for (const store of [withoutRelay, ...stores]) {
        const heldRound = await runRound(lab, store, heldPerSecond, `${round}-held`);
        warnOfBacklog(lab, heldRound, heldPerSecond);
        add(held, store, heldRound);
        if (store === withoutRelay) continue;
        add(full, store, await runRound(lab, store, fullPerSecond, `${round}-full`));
      }
    }
    return {
      figures: stores.flatMap(({ name }): Measured[] => [
        {
          what: `p99 at ${heldPerSecond} messages/s, ${name}`,
          ours: middle(held, name, ({ p99 }) => p99),
          reference: middle(held, NO_RELAY, ({ p99 }) => p99),
          against: 'the same without a relay',
          unit: 'ms',
          target: { atMost: 1.1 },
        },
        {
          what: `records stored while messages are sent, ${name}`,
          ours: middle(full, name, ({ perSecond, storedShare }) => perSecond * storedShare),
          reference: middle(full, name, ({ perSecond }) => perSecond),
          against: `records of ${fullPerSecond} offered messages/s`,
          unit: 'records/s',
          target: { atLeast: 0.95 },
        },
      ]),
      details: {
        [`at${heldPerSecond}PerSecond`]: Object.fromEntries(held),
        [`at${fullPerSecond}PerSecond`]: Object.fromEntries(full),
      },
    };
  },
};

function add(rounds: Map<string, Round[]>, { name }: Store, round: Round): void {
  rounds.set(name, [...(rounds.get(name) ?? []), round]);
}

/** A machine that does not hold the rate has a backlog, and a p99 that shows only its length. */
function warnOfBacklog(lab: Lab, { perSecond }: Round, offeredPerSecond: number): void {
  if (perSecond >= HELD_SHARE * offeredPerSecond) return;
  lab.say(`only ${Math.round(perSecond)} a second arrived: this machine is too slow or not quiet`);
}

function middle(rounds: Map<string, Round[]>, name: string, value: (round: Round) => number): number {
  return median((rounds.get(name) ?? []).map(value));
}

/** An empty list on a machine without PostgreSQL. */
async function postgres(lab: Lab): Promise<Store[]> {
  try {
    const server = await openPostgresServer({ isDurable: true });
    lab.keep({ [Symbol.asyncDispose]: () => server.close() });
    return [{ name: 'PostgreSQL', databaseUrl: () => `${server.url}/postgres` }];
  } catch (error) {
    lab.say(error instanceof Error ? error.message : String(error));
    return [];
  }
}

async function runRound(lab: Lab, store: Store, perSecond: number, roundName: string): Promise<Round> {
  lab.say(`${perSecond} messages a second, ${store.name}`);
  const backend = await startBackend(lab);
  const prefix = lab.prefix();
  await configure(lab, prefix, TENANTS);
  const tenantsFile = await writeTenants(lab, backend.url, TENANTS);
  const env = { AUDIT_DATABASE_URL: store.databaseUrl(roundName), LOG_LEVEL: 'fatal' };
  const [worker] = await startWorkers(lab, { prefix, tenantsFile, env });
  const round = await send(lab, backend, prefix, perSecond);
  await worker?.stop();
  await lab.clear();
  return round;
}

async function send(lab: Lab, backend: Backend, prefix: string, perSecond: number): Promise<Round> {
  const producer = lab.keep(openProducer(lab, prefix));
  const stream = createKeys(prefix, 1).auditStream(0);
  const sendFor = async (durationMs: number, part: number) => {
    const sentAtMs = new Map<string, number>();
    const count = Math.round((durationMs * perSecond) / 1000);
    const arrived = backend.expect(count);
    // An error of the producer is the one to report. Without this line it would be lost behind that
    // of the messages which did not arrive.
    arrived.catch(() => {});
    const perTick = (perSecond * TICK_MS) / 1000;
    const startMs = nowMs();
    const underWay: Promise<unknown>[] = [];
    const all = [...conversationsOf(count, part)];
    for (let tick = 0; tick * perTick < count; tick++) {
      await sleep(Math.max(0, startMs + tick * TICK_MS - nowMs()));
      const atMs = nowMs();
      const onEntry = (entry: EntryReport) => {
        if (entry.status === 'accepted') sentAtMs.set(entry.jobIds[0] ?? '', atMs);
      };
      const batch = all.slice(tick * perTick, (tick + 1) * perTick);
      underWay.push(producer.enqueueMany('message-transmission', batch, { onEntry }));
    }
    await Promise.all(underWay);
    const { lastMs } = await arrived;
    return { sentAtMs, tookMs: lastMs - startMs };
  };

  await sendFor(lab.pick(4000, 200), 0);
  const before = await records(lab, stream);
  backend.record();
  const { sentAtMs, tookMs } = await sendFor(lab.pick(15_000, 500), 1);
  const after = await records(lab, stream);

  const delays = (await backend.arrivals()).flatMap(([, id, atMs]) => {
    const sentMs = sentAtMs.get(id);
    return sentMs === undefined ? [] : [atMs - sentMs];
  });
  return {
    p50: percentile(delays, 0.5),
    p99: percentile(delays, 0.99),
    perSecond: (sentAtMs.size * 1000) / tookMs,
    storedShare: (after.stored - before.stored) / (after.noted - before.noted),
  };
}

/** All records so far, and those that have left the stream, which are stored. */
async function records({ client }: Lab, stream: string): Promise<{ noted: number; stored: number }> {
  const fields = (await client.call('XINFO', 'STREAM', stream)) as (string | number)[];
  const numberOf = (name: string) => Number(fields[fields.indexOf(name) + 1]);
  return { noted: numberOf('entries-added'), stored: numberOf('entries-added') - numberOf('length') };
}

function* conversationsOf(count: number, part: number): Generator<Message> {
  const tenantIds = TENANTS.map(({ id }) => id);
  for (const message of messages({ count, tenantIds, perConversation: 4 })) {
    yield { ...message, conversationId: `${message.conversationId}-${part}` };
  }
}
