import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Finished, GWM, runGwm } from '../../support/gwm.ts';
import { DATABASES, record, records } from './stores.ts';

const [SQLITE] = DATABASES;

function gwm(url: string, ...args: string[]): Promise<Finished> {
  return runGwm(['audit', ...args], { env: { AUDIT_DATABASE_URL: url } });
}

function rows({ stdout }: Finished): unknown[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

describe.for(DATABASES)('gwm audit with $name', ({ openTestStore }) => {
  test('verifies every tenant, and exits 1 with the place where a chain is broken', async () => {
    const { store, url, tamper } = await openTestStore();
    await store.append([...records(5), ...records(2, { tenantId: 'globex' })]);

    expect(await gwm(url, 'verify')).toMatchObject({
      code: 0,
      stdout: 'acme: 5 records, the chain is sound\nglobex: 2 records, the chain is sound',
      stderr: '',
    });

    await tamper(
      `UPDATE audit_records SET status = 'x', id = 'a\u001b[2J' WHERE tenant_id = 'acme' AND sequence = 4`,
    );
    expect(await gwm(url, 'verify')).toMatchObject({
      code: 1,
      stdout:
        'acme: BROKEN behind 3 sound records: record 4 ("a\\u001b[2J") was changed\nglobex: 2 records, the chain is sound',
    });
    const asJson = await gwm(url, 'verify', '--json');
    expect(asJson.code).toBe(1);
    expect(rows(asJson)).toEqual([
      { tenantId: 'acme', ok: false, records: 3, fault: { kind: 'changed', sequence: 4, id: 'a\u001b[2J' } },
      { tenantId: 'globex', ok: true, records: 2 },
    ]);
    expect(await gwm(url, 'verify', '--tenant', 'globex')).toMatchObject({ code: 0 });

    await tamper(`DELETE FROM audit_heads`);
    expect((await gwm(url, 'verify', '--tenant', 'globex')).stdout).toContain(
      'what is known of the end of the chain was removed',
    );
  });

  test('exports a window of a tenant', async () => {
    const { store, url } = await openTestStore();
    await store.append([...records(10), record({ tenantId: 'globex' })]);
    const window = ['--from', '2026-03-01T00:00:02Z', '--to', '2026-03-01T01:00:05+01:00'];

    const exported = await gwm(url, 'export', '--tenant', 'acme', ...window);
    expect(exported).toMatchObject({ code: 0, stderr: '' });
    expect(rows(exported)).toMatchObject(
      [3, 4, 5].map((n) => ({ id: `job-${n}`, sequence: n, tenantId: 'acme' })),
    );

    const csv = await gwm(url, 'export', '--tenant', 'acme', '--format', 'csv', '--to', '2026-03-01');
    expect(csv.stdout).toBe('tenantId,sequence,id,source,occurredAt,recordedAt,action,status,details,hash');
    const all = await gwm(url, 'export', '--tenant', 'acme', '--format', 'csv', '--from', '2026-03-01');
    expect(all.stdout.split('\n')).toHaveLength(11);
  });
});

describe('gwm audit', () => {
  test('says what is wrong with a time, a tenant or a database', async () => {
    const { store, url } = await SQLITE.openTestStore();
    await store.append(records(1));

    expect(await gwm(url, 'export', '--tenant', 'acme', '--from', 'yesterday')).toMatchObject({
      code: 1,
      stderr:
        '--from: got "yesterday", expected a time such as 2026-03-01T09:30:00Z, or a date such as 2026-03-01.',
    });
    for (const time of ['2026-03-01T09:30', '2026-13-01', '1', '2026-03-01 09:30:00Z']) {
      expect((await gwm(url, 'export', '--tenant', 'acme', '--to', time)).stderr).toContain('--to: got');
    }
    expect(await gwm(url, 'export', '--tenant', 'nobody')).toMatchObject({
      code: 1,
      stderr: 'The audit store has no records of a tenant nobody. It has those of: acme.',
    });
    const elsewhere = `${url}.not`;
    expect(await gwm(elsewhere, 'verify')).toMatchObject({
      code: 1,
      stderr: `There is no audit database ${elsewhere.slice('sqlite:'.length)}. Set AUDIT_DATABASE_URL to where it is.`,
    });
  }, 60_000);

  test('says so when there are no records', async () => {
    const { url } = await SQLITE.openTestStore();

    expect(await gwm(url, 'verify')).toMatchObject({ code: 0, stdout: 'there are no audit records' });
    expect(await gwm(url, 'verify', '--json')).toMatchObject({ code: 0, stdout: '' });
    expect((await gwm(url, 'verify', '--tenant', 'acme')).stderr).toContain('It has none at all.');
  });

  test('takes it well when its reader leaves early', async () => {
    const { store, url } = await SQLITE.openTestStore();
    for (let batch = 0; batch < 20; batch += 1) await store.append(records(500, {}, `batch-${batch}`));

    const pipe = `"$1" "$2" audit export --tenant acme | head -n 1 > /dev/null; exit "\${PIPESTATUS[0]}"`;
    const child = spawn('bash', ['-c', pipe, 'bash', process.execPath, GWM], {
      env: { ...process.env, ENV_FILE: '', NODE_OPTIONS: '', AUDIT_DATABASE_URL: url },
      cwd: join(GWM, '../../..'),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    const [code] = await once(child, 'close');

    expect({ code, said }).toEqual({ code: 0, said: '' });
  });
});
