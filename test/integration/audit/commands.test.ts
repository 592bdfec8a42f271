import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Finished, GWM } from '../../support/gwm.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { DATABASES, record, records } from './stores.ts';

const [SQLITE] = DATABASES;

function gwm(url: string, ...args: string[]): Promise<Finished> {
  return runCommand(['audit', ...args], { env: { AUDIT_DATABASE_URL: url } });
}

function rows({ stdout }: Finished): unknown[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

describe.for(DATABASES)('gwm audit with $name', ({ openTestStore }) => {
  test('verifies every tenant, and exits 1 and names the record where a chain is broken', async () => {
    const { store, url, tamper } = await openTestStore();
    await store.append([...records(5), ...records(2, { tenantId: 'globex' })]);
    await tamper(
      `UPDATE audit_records SET status = 'x', id = 'a\u001b[2J' WHERE tenant_id = 'acme' AND sequence = 4`,
    );

    expect(await gwm(url, 'verify')).toEqual({
      code: 1,
      stdout:
        'acme: BROKEN after 3 sound records: record 4 ("a\\u001b[2J") was changed\nglobex: 2 records, the chain is sound',
      stderr: '',
    });
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
  });
});

describe('gwm audit', () => {
  test('verifies one tenant, also as JSON', async () => {
    const { store, url, tamper } = await SQLITE.openTestStore();
    await store.append([...records(5), ...records(2, { tenantId: 'globex' })]);
    await tamper(`DELETE FROM audit_heads WHERE tenant_id = 'acme'`);

    const globex = await gwm(url, 'verify', '--tenant', 'globex', '--json');
    expect(globex.code).toBe(0);
    expect(rows(globex)).toEqual([{ tenantId: 'globex', ok: true, records: 2 }]);
    const all = await gwm(url, 'verify', '--json');
    expect(all.code).toBe(1);
    expect(rows(all)[0]).toEqual({
      tenantId: 'acme',
      ok: false,
      records: 0,
      issue: { kind: 'removed', sequence: 0 },
    });
    expect((await gwm(url, 'verify', '--tenant', 'acme')).stdout).toBe(
      'acme: BROKEN after 0 sound records: the head of the chain was removed',
    );
  });

  test('exports as CSV', async () => {
    const { store, url } = await SQLITE.openTestStore();
    await store.append(records(10));

    const { stdout } = await gwm(
      url,
      'export',
      '--tenant',
      'acme',
      '--format',
      'csv',
      '--from',
      '2026-03-01',
    );

    expect(stdout.split('\n')).toHaveLength(11);
    expect(stdout).toMatch(/^tenantId,sequence,id,.*\nacme,1,job-1,own,/);
  });

  test('explains a wrong time, an unknown tenant and a wrong database', async () => {
    const { store, url } = await SQLITE.openTestStore();
    await store.append(records(1));

    expect(await gwm(url, 'export', '--tenant', 'acme', '--from', 'yesterday')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /--from <time> is not valid\. It must be a time such as 2026-03-01T09:30:00Z/,
      ),
    });
    expect(await gwm(url, 'export', '--tenant', 'nobody')).toMatchObject({
      code: 3,
      stderr: 'The audit store has no records of this tenant.',
    });
    const elsewhere = `${url}.not`;
    expect(await gwm(elsewhere, 'verify')).toMatchObject({
      code: 69,
      stderr: `There is no audit database ${elsewhere.slice('sqlite:'.length)}. Set AUDIT_DATABASE_URL to where it is.`,
    });
  });

  test('says that it has no records', async () => {
    const { url } = await SQLITE.openTestStore();

    expect(await gwm(url, 'verify')).toMatchObject({ code: 0, stdout: 'there are no audit records' });
  });

  test('exits without an error if its reader leaves early', async () => {
    const { store, url } = await SQLITE.openTestStore();
    for (let batch = 0; batch < 20; batch += 1) await store.append(records(500, {}, `batch-${batch}`));

    const pipe = `"$1" "$2" audit export --tenant acme | head -n 1 > /dev/null; exit "\${PIPESTATUS[0]}"`;
    const child = spawn('bash', ['-c', pipe, 'bash', process.execPath, GWM], {
      env: { ...process.env, ENV_FILE: '', NODE_OPTIONS: '', AUDIT_DATABASE_URL: url },
      cwd: join(GWM, '../../../..'),
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
