import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { openAuditStore } from '../../../src/audit/open-store.ts';
import { onEnd } from '../../support/lifetime.ts';
import { openPostgresServer, type PostgresServer } from '../../support/postgres-server.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { Fault } from '../fault.ts';
import type { Stage } from '../stage.ts';

const AWAY_MS = 5000;
const WORKS_MS = 3000;

let server: PostgresServer | undefined;

async function openDatabase(): Promise<string> {
  const opened = await openPostgresServer({ isDurable: true });
  onEnd(() => opened.close());
  server = opened;
  return `${opened.url}/postgres`;
}

export const AUDIT_KILLED: Fault = {
  name: 'audit-killed',
  group: 15,
  what: 'SIGKILL ends the PostgreSQL of the audit store, and it starts again. Every job has its record.',
  full: { rounds: 3, replicas: 3, perSecond: 100 },
  auditDatabase: openDatabase,
  async prepare(stage) {
    expectEveryRecord(stage);
    return async () => {
      for (let kill = 0; kill < stage.scale.rounds; kill++) {
        await server?.kill();
        await sleep(AWAY_MS);
        await server?.restart();
        await sleep(WORKS_MS);
      }
      return stage.scale.rounds;
    };
  },
};

export const AUDIT_FULL: Fault = {
  name: 'audit-full',
  group: 15,
  what: 'The disk of the audit store is full: PostgreSQL refuses every record (53100). Every job has its record later.',
  full: { rounds: 2, replicas: 3, perSecond: 100 },
  auditDatabase: openDatabase,
  async prepare(stage) {
    expectEveryRecord(stage);
    return async () => {
      const client = new pg.Client({ connectionString: stage.system.environment['AUDIT_DATABASE_URL'] });
      await client.connect();
      for (let time = 0; time < stage.scale.rounds; time++) {
        await client.query(FULL);
        await sleep(AWAY_MS);
        await client.query('DROP TRIGGER full_disk ON audit_heads');
        await sleep(WORKS_MS);
      }
      await client.end();
      return stage.scale.rounds;
    };
  },
};

/** What PostgreSQL answers when it cannot extend a file. */
const FULL = `
  CREATE OR REPLACE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
  CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON audit_heads
    FOR EACH STATEMENT EXECUTE FUNCTION full_disk()`;

export const AUDIT_DELETED: Fault = {
  name: 'audit-deleted',
  group: 15,
  what: 'The SQLite file of the audit store is removed. Its records are lost by definition, and `gwm audit verify` reports that.',
  full: { rounds: 1, replicas: 3, perSecond: 100 },
  async prepare(stage) {
    const url = stage.system.environment['AUDIT_DATABASE_URL'] ?? '';
    stage.atEnd.push(async () => {
      await untilStored(stage);
      const store = await openAuditStore(url);
      const verified = await store.verify('acme');
      await store.close();
      if (verified.ok || verified.issue.kind !== 'removed') {
        stage.complaints.push(`the audit store does not report the loss: ${JSON.stringify(verified)}`);
      }
    });
    return async () => {
      await sleep(WORKS_MS);
      const file = url.slice('sqlite:'.length);
      for (const suffix of ['', '-wal', '-shm']) await rm(`${file}${suffix}`, { force: true });
      await sleep(AWAY_MS);
      return 1;
    };
  },
};

function expectEveryRecord(stage: Stage): void {
  stage.atEnd.push(async () => {
    await untilStored(stage);
    const store = await openAuditStore(stage.system.environment['AUDIT_DATABASE_URL'] ?? '');
    let records = 0;
    for (const { id } of stage.tenants) {
      const verified = await store.verify(id);
      if (!verified.ok) stage.complaints.push(`the chain of ${id} is broken: ${JSON.stringify(verified)}`);
      records += verified.records;
    }
    await store.close();
    const expected = stage.load.accepted.size;
    if (records !== expected) stage.complaints.push(`${expected} jobs have ${records} audit records`);
  });
}

async function untilStored({ system }: Stage): Promise<void> {
  const waiting = () => system.client.xlen(system.keys.auditStream(0));
  await waitFor(async () => (await waiting()) === 0, { what: 'an empty stream of audit records' });
}
