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

/** Messages are handed over so often; each of them makes one audit record. */
const TICK_MS = 25;

/** Where audit records go, beside the same load. */
interface Course {
  readonly name: string;
  readonly auditDatabaseUrl: string;
}

interface Round {
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
  /** Of the records that were noted by the time the last message came, those that were stored by then. */
  readonly storedShare: number;
}

/** Whether audit records reach their database as fast as messages make them, and what it costs the messages. */
export const audit: Benchmark = {
  name: 'audit',
  summary: '1,000 messages a second, one worker, its audit records relayed to SQLite and to PostgreSQL',

  async run(lab) {
    // A database that cannot be opened: the records are noted, and stay in Redis.
    const without: Course = {
      name: 'no relay',
      auditDatabaseUrl: `sqlite:${join(lab.folder, 'nowhere', 'audit.db')}`,
    };
    const relays = [{ name: 'SQLite', auditDatabaseUrl: '' }, ...(await postgres(lab))];
    const rounds = new Map<string, Round[]>();
    const measure = async (course: Course) => {
      const round = await runRound(lab, course);
      rounds.set(course.name, [...(rounds.get(course.name) ?? []), round]);
    };
    for (let round = 1; round <= lab.pick(3, 1); round++) {
      await measure(without);
      for (const { name, auditDatabaseUrl } of relays) {
        const file = `sqlite:${join(lab.folder, `audit-${round}.db`)}`;
        await measure({ name, auditDatabaseUrl: auditDatabaseUrl || file });
      }
    }
    const of = (name: string, what: keyof Round) =>
      median((rounds.get(name) ?? []).map((round) => round[what]));
    return {
      figures: relays.flatMap(({ name }): Measured[] => [
        {
          what: `p99 of messages, records to ${name}`,
          ours: of(name, 'p99'),
          reference: of('no relay', 'p99'),
          against: 'the same load without a relay',
          unit: 'ms',
          target: { atMost: 1.1 },
        },
        {
          what: `records stored in ${name} while messages are sent`,
          ours: of(name, 'perSecond') * of(name, 'storedShare'),
          reference: of(name, 'perSecond'),
          against: 'records that the messages make',
          unit: 'records/s',
          target: { atLeast: 0.95 },
        },
      ]),
      details: Object.fromEntries(rounds),
    };
  },
};

/** None where the machine has no PostgreSQL. */
async function postgres(lab: Lab): Promise<Course[]> {
  try {
    const server = await openPostgresServer({ isDurable: true });
    lab.keep({ [Symbol.asyncDispose]: () => server.close() });
    return [{ name: 'PostgreSQL', auditDatabaseUrl: `${server.url}/postgres` }];
  } catch (error) {
    lab.say(error instanceof Error ? error.message : String(error));
    return [];
  }
}

async function runRound(lab: Lab, { name, auditDatabaseUrl }: Course): Promise<Round> {
  const perSecond = lab.pick(1000, 200);
  lab.say(`${perSecond} messages a second, ${name}`);
  const backend = await startBackend(lab);
  const prefix = lab.prefix();
  await configure(lab, prefix, TENANTS);
  const tenantsFile = await writeTenants(lab, backend.url, TENANTS);
  const env = { AUDIT_DATABASE_URL: auditDatabaseUrl, LOG_LEVEL: 'fatal' };
  const [worker] = await startWorkers(lab, { prefix, tenantsFile, env });
  const round = await send(lab, backend, prefix, perSecond);
  await worker?.stop();
  await lab.clear();
  return round;
}

async function send(lab: Lab, backend: Backend, prefix: string, perSecond: number): Promise<Round> {
  const producer = lab.keep(openProducer(lab, prefix));
  const stream = createKeys(prefix, 1).auditStream(0);
  const sendFor = async (durationMs: number, from: number) => {
    const sentAtMs = new Map<string, number>();
    const count = Math.round((durationMs * perSecond) / 1000);
    const arrived = backend.expect(count);
    // The first error is the one to report, and not that the messages did not arrive.
    arrived.catch(() => {});
    const perTick = (perSecond * TICK_MS) / 1000;
    const startMs = nowMs();
    const underWay: Promise<unknown>[] = [];
    const all = [...conversationsOf(count, from)];
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

  await sendFor(lab.pick(4000, 500), 0);
  const before = await records(lab, stream);
  backend.record();
  const { sentAtMs, tookMs } = await sendFor(lab.pick(15_000, 1000), 1);
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

/** Records that were noted so far, and those of them that have left the stream. */
async function records({ client }: Lab, stream: string): Promise<{ noted: number; stored: number }> {
  const fields = (await client.call('XINFO', 'STREAM', stream)) as (string | number)[];
  const numberOf = (name: string) => Number(fields[fields.indexOf(name) + 1]);
  return { noted: numberOf('entries-added'), stored: numberOf('entries-added') - numberOf('length') };
}

function* conversationsOf(count: number, from: number): Generator<Message> {
  const tenantIds = TENANTS.map(({ id }) => id);
  for (const message of messages({ count, tenantIds, perConversation: 4 })) {
    yield { ...message, conversationId: `${message.conversationId}-${from}` };
  }
}
