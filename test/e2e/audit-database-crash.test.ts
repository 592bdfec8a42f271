/**
 * Kills the audit database while workers send and store records: five times, or fifty with
 * KILLS=50.
 */
import { expect, test } from 'vitest';
import { openAuditStore } from '../../src/audit/open-store.ts';
import { logOf, startWorker } from '../support/gwm.ts';
import { onEnd } from '../support/lifetime.ts';
import { openPostgresServer } from '../support/postgres-server.ts';
import { message, openSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const KILLS = Number(process.env['KILLS'] ?? 5);
const MESSAGES_PER_KILL = 100;
/** Enough for a busy machine. */
const PATIENCE_MS = 120_000;
const LIMIT = { capacity: 400, ratePerSecond: 400 };

test(`workers outlive ${KILLS} kills of PostgreSQL, and every record is stored once`, {
  timeout: 300_000 + KILLS * 20_000,
}, async () => {
  const server = await openPostgresServer({ isDurable: true });
  onEnd(() => server.close());
  const url = `${server.url}/postgres`;
  const system = await openSystem({
    tenants: [{ id: 'acme', limit: LIMIT }],
    environment: { AUDIT_DATABASE_URL: url, JOB_ATTEMPTS: '10' },
  });
  const workers = [await startWorker(system), await startWorker(system)];
  const ended: unknown[] = [];
  for (const worker of workers) void worker.exit.then((end) => ended.push(end));
  const producer = system.openProducer();
  const waiting = () => system.client.xlen(system.keys.auditStream(0));

  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = system.sandbox.stats().accepted;
    await producer.enqueueMany(
      'message-transmission',
      Array.from({ length: MESSAGES_PER_KILL }, (_, index) =>
        message({ conversationId: `conversation-${kill}-${index % 20}` }),
      ),
    );
    const isUnderWay = () => system.sandbox.stats().accepted > before + Math.random() * MESSAGES_PER_KILL;
    await waitFor(isUnderWay, { what: 'messages under way', deadlineMs: PATIENCE_MS });
    await server.kill();
    const isSent = () => system.sandbox.stats().accepted >= before + MESSAGES_PER_KILL;
    await waitFor(isSent, { what: 'messages sent without the database', deadlineMs: PATIENCE_MS });
    await server.restart();
  }

  await waitFor(async () => (await waiting()) === 0, { what: 'an empty stream', deadlineMs: PATIENCE_MS });
  const expected = KILLS * MESSAGES_PER_KILL;
  const store = await openAuditStore(url);
  onEnd(() => store.close());
  expect(await store.verify('acme')).toEqual({ ok: true, records: expected });
  expect(ended).toEqual([]);
  expect(workers.flatMap(({ stderr }) => stderr)).toEqual([]);
  expect(
    workers.flatMap(logOf).filter(({ event }) => event === 'audit.given-up' || event === 'audit.dropped'),
  ).toEqual([]);
});
