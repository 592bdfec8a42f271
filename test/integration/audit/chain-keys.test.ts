import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hashOf } from '../../../src/audit/chain.ts';
import type { ChainKeys } from '../../../src/audit/chain-keys.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { onEnd } from '../../support/lifetime.ts';
import { keyFiles, payloadKeysOf } from '../../support/payload-keys.ts';
import { tenantOf } from '../../unit/tenants/tenants-file.ts';
import { DATABASES, readAll, records, type TestStore } from './stores.ts';

const [SQLITE] = DATABASES;
const ONE: ChainKeys = [{ id: 'one', bytes: new Uint8Array(32).fill(1) }];
const BOTH: ChainKeys = [{ id: 'two', bytes: new Uint8Array(32).fill(2) }, ...ONE];

/** What a person without the key can do: change a record, and write all hashes behind it and the head anew. */
async function rewrite({ store, tamper }: TestStore): Promise<void> {
  await tamper(`UPDATE audit_records SET status = 'x' WHERE sequence = 4`);
  let previous = '0'.repeat(64);
  for (const { details, hash: _hash, ...rest } of await readAll(store, { tenantId: 'acme' })) {
    previous = hashOf(previous, { ...rest, details: JSON.stringify(details) });
    await tamper(`UPDATE audit_records SET hash = '${previous}' WHERE sequence = ${rest.sequence}`);
  }
  await tamper(`UPDATE audit_heads SET hash = '${previous}'`);
}

describe.for(DATABASES)('the chain in $name', ({ openTestStore }) => {
  test('shows with a key that records and head were rewritten together', async () => {
    const plain = await openTestStore();
    await plain.store.append(records(10));
    const keyed = await openTestStore({ keys: ONE });
    await keyed.store.append(records(10));

    await rewrite(plain);
    await rewrite(keyed);

    expect(await plain.store.verify('acme')).toEqual({ ok: true, records: 10 });
    expect(await keyed.store.verify('acme')).toEqual({
      ok: false,
      records: 10,
      issue: { kind: 'unkeyed', sequence: 10 },
    });
  });

  test('goes on with a key behind records without one, and then with the next key', async () => {
    const { store, open } = await openTestStore();
    await store.append(records(3));
    const keyed = await open({ keys: ONE });
    expect(await keyed.verify('acme')).toMatchObject({ ok: false, issue: { kind: 'unkeyed', sequence: 3 } });

    await keyed.append(records(3, {}, 'keyed'));
    expect(await keyed.verify('acme')).toEqual({ ok: true, records: 6 });
    const rotated = await open({ keys: BOTH });
    await rotated.append(records(3, {}, 'rotated'));

    expect(await rotated.verify('acme')).toEqual({ ok: true, records: 9 });
    await expect(keyed.verify('acme')).rejects.toMatchObject({ code: 'AUDIT_KEY_MISSING' });
    await expect(store.append(records(1, {}, 'late'))).rejects.toMatchObject({ code: 'AUDIT_KEY_MISSING' });
  });

  test('shows a record without a key behind one with a key, and a changed record without a key', async () => {
    const { store, open, tamper } = await openTestStore();
    await store.append(records(3));
    const keyed = await open({ keys: ONE });
    await keyed.append(records(3, {}, 'keyed'));
    await tamper(`UPDATE audit_records SET status = 'x' WHERE sequence = 2`);
    expect(await keyed.verify('acme')).toMatchObject({ issue: { kind: 'changed', sequence: 2 } });
    const [last] = (await readAll(keyed, { tenantId: 'acme' })).slice(-2);
    if (!last) throw new Error('no record');
    const plain = hashOf(last.hash, { ...last, details: JSON.stringify(last.details) });
    await tamper(`UPDATE audit_records SET status = 'done' WHERE sequence = 2`);
    await tamper(`UPDATE audit_records SET hash = '${plain}' WHERE sequence = 6`);

    expect(await keyed.verify('acme')).toMatchObject({ ok: false });
  });
});

describe('checkpoints that were kept', () => {
  test('show that a chain was cut off, replaced or pruned since', async () => {
    const { store, url, tamper } = await SQLITE.openTestStore();
    await store.append([
      ...records(5),
      ...records(2, { tenantId: 'globex' }),
      ...records(4, { tenantId: 'old' }),
    ]);
    const env = { AUDIT_DATABASE_URL: url };
    const written = await runCommand(['audit', 'checkpoints'], { env });
    const file = await fileWith(written.stdout);
    await store.append(records(5, {}, 'later'));
    expect(await runCommand(['audit', 'compare', file], { env })).toMatchObject({ code: 0 });

    // An older copy of a chain is sound in itself.
    await tamper(`DELETE FROM audit_records WHERE tenant_id = 'globex' AND sequence = 2;
      UPDATE audit_heads SET sequence = 1,
        hash = (SELECT hash FROM audit_records WHERE tenant_id = 'globex' AND sequence = 1)
        WHERE tenant_id = 'globex'`);
    await tamper(
      `UPDATE audit_records SET hash = '${'a'.repeat(64)}' WHERE tenant_id = 'acme' AND sequence = 5`,
    );
    await store.append(records(1, { tenantId: 'old' }, 'new'));
    await tamper(`UPDATE audit_heads SET anchor_sequence = 4, anchor_hash = (SELECT hash FROM audit_records
        WHERE tenant_id = 'old' AND sequence = 4) WHERE tenant_id = 'old';
      DELETE FROM audit_records WHERE tenant_id = 'old' AND sequence < 5`);

    expect(await store.verify('globex')).toMatchObject({ ok: true });
    const compared = await runCommand(['audit', 'compare', file, '--json'], { env });
    expect(compared.code).toBe(1);
    expect(compared.stdout.split('\n').map((line) => JSON.parse(line))).toEqual([
      { tenantId: 'acme', sequence: 5, comparison: 'changed' },
      { tenantId: 'globex', sequence: 2, comparison: 'missing' },
      { tenantId: 'old', sequence: 4, comparison: 'same' },
    ]);
  });

  test.for([
    ['no retention', undefined, 1, 'removed'],
    ['a retention that is longer', '9999d', 1, 'removed'],
    ['a retention that has passed', '1d', 0, 'pruned'],
  ] as const)(
    'show that records are gone from the beginning, with %s',
    async ([, retention, code, comparison]) => {
      const { url, store, tamper } = await SQLITE.openTestStore({ keys: ONE });
      await store.append(records(5));
      const [last] = await readAll(store, { tenantId: 'acme' }).then((all) => all.slice(-1));
      await tamper(
        `UPDATE audit_heads SET anchor_sequence = sequence, anchor_hash = hash; DELETE FROM audit_records`,
      );
      const recordedAt = '2020-01-01T00:00:00.000Z';
      const file = await fileWith(
        `${JSON.stringify({ tenantId: 'acme', sequence: 4, hash: last?.hash, recordedAt })}\n`,
      );
      const tenants = await fileWith(
        JSON.stringify({ tenants: [tenantOf({ id: 'acme', ...(retention && { audit: { retention } }) })] }),
      );
      const files = await keyFiles('one');
      const env = { AUDIT_DATABASE_URL: url, AUDIT_KEYS: payloadKeysOf(files, 'one'), TENANTS_FILE: tenants };

      const compared = await runCommand(['audit', 'compare', file, '--json'], { env });

      expect(compared, compared.stderr).toMatchObject({ code });
      expect(JSON.parse(compared.stdout)).toEqual({ tenantId: 'acme', sequence: 4, comparison });
    },
  );

  test('in a file that cannot be read are named, and the command ends with 3', async () => {
    const folder = dirname(await fileWith(''));

    for (const file of [join(folder, 'missing'), folder]) {
      expect(await runCommand(['audit', 'compare', file], { env: {} })).toMatchObject({
        code: 3,
        stderr: expect.stringContaining(
          `<file>: wanted a file with the output of gwm audit checkpoints, got ${file}: `,
        ),
      });
    }
  });

  test('of another form are refused by line', async () => {
    const file = await fileWith('{"tenantId":"acme"}');

    const refused = await runCommand(['audit', 'compare', file], { env: {} });

    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('line 1: wanted a line that') });
  });
});

test('gwm audit verify takes AUDIT_KEYS, and says which key it lacks', async () => {
  const files = await keyFiles('k1');
  const { url, store } = await SQLITE.openTestStore({ keys: ONE });
  await store.append(records(2));

  const env = { AUDIT_DATABASE_URL: url, AUDIT_KEYS: payloadKeysOf(files, 'k1') };
  const verified = await runCommand(['audit', 'verify'], { env });

  expect(verified).toMatchObject({ stderr: expect.stringContaining('AUDIT_KEYS lacks the key one') });
});

async function fileWith(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gwm-checkpoints-'));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'checkpoints');
  await writeFile(file, text);
  return file;
}
