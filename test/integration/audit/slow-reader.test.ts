import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GWM } from '../../support/gwm.ts';
import { onEnd } from '../../support/lifetime.ts';
import { waitFor } from '../../support/wait-for.ts';
import { DATABASES, type PostgresTestStore, records } from './stores.ts';

const [, POSTGRES] = DATABASES;
const ROWS = 6000;

/** PostgreSQL sessions of an export that waits for its reader. */
const WAITING = `SELECT extract(epoch FROM now() - state_change) AS seconds FROM pg_stat_activity
  WHERE datname = current_database() AND state = 'idle in transaction' AND pid <> pg_backend_pid()`;

async function fullStore() {
  const opened = await POSTGRES.openTestStore();
  for (let batch = 0; batch < ROWS / 500; batch += 1) {
    await opened.store.append(records(500, { details: { text: 'x'.repeat(200) } }, `batch-${batch}`));
  }
  await opened.store.close();
  return opened;
}

/** An export whose reader waits for the test. */
function exportTo(url: string, ...args: string[]) {
  const child = spawn(process.execPath, [GWM, 'audit', 'export', '--tenant', 'acme', ...args], {
    env: { ...process.env, ENV_FILE: '', NODE_OPTIONS: '', AUDIT_DATABASE_URL: url },
    cwd: join(GWM, '../../../..'),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onEnd(() => child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  return {
    stdout: child.stdout,
    async read() {
      let text = '';
      const closed = once(child, 'close');
      child.stdout.on('data', (chunk) => {
        text += chunk;
      });
      const [code] = await closed;
      return { code, said, text };
    },
    async leave() {
      const closed = once(child, 'close');
      child.stdout.destroy();
      const [code] = await closed;
      return { code, said };
    },
  };
}

async function untilItWaits(sql: PostgresTestStore['sql'], forSeconds: number): Promise<void> {
  const hasWaited = async () => (await sql(WAITING)).some(({ seconds }) => Number(seconds) > forSeconds);
  await waitFor(hasWaited, { what: 'an export that waits for its reader' });
}

describe('an export from PostgreSQL', () => {
  test('is complete although its reader is slower than any time-out of the server', async () => {
    const { url, tamper, sql } = await fullStore();
    await tamper(`DO $$ BEGIN
      EXECUTE format('ALTER DATABASE %I SET statement_timeout = 250', current_database());
      EXECUTE format('ALTER DATABASE %I SET idle_in_transaction_session_timeout = 250', current_database());
    END $$`);
    const slow = exportTo(url);

    await untilItWaits(sql, 1);
    const { code, said, text } = await slow.read();

    expect({ code, said, lines: text.split('\n').length - 1 }).toEqual({ code: 0, said: '', lines: ROWS });
    const sequences = text.split('\n').slice(0, -1);
    expect(new Set(sequences.map((line) => JSON.parse(line).sequence)).size).toBe(ROWS);
  });

  test('explains an error between two pages, and exits as unavailable', async () => {
    const { url, tamper, sql } = await fullStore();
    const slow = exportTo(url);
    await untilItWaits(sql, 0.3);

    await tamper(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND state = 'idle in transaction' AND pid <> pg_backend_pid()`);
    const { code, said } = await slow.read();

    expect(code).toBe(69);
    expect(said).toMatch(/^the audit database cannot be used: .*terminat.*\.\n$/);
  });

  test('ends without an error when its reader leaves, and closes its connection', async () => {
    const { url, sql } = await fullStore();
    const left = exportTo(url);
    await once(left.stdout, 'readable');

    expect(await left.leave()).toEqual({ code: 0, said: '' });
    await waitFor(async () => (await sql(WAITING)).length === 0, { what: 'no connection' });
  });
});
