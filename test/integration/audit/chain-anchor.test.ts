import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hashOf } from '../../../src/audit/chain.ts';
import type { ChainKeys } from '../../../src/audit/chain-keys.ts';
import { createManualClock } from '../../support/clock.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { keyFiles, payloadKeysOf } from '../../support/payload-keys.ts';
import { DATABASES, type OpenTestStore, readAll, records, type TestStore } from './stores.ts';

const [SQLITE] = DATABASES;
const [KEY, NEXT] = [1, 2].map((byte) => ({ id: `k${byte}`, bytes: new Uint8Array(32).fill(byte) })) as [
  ChainKeys[number],
  ChainKeys[number],
];

/** Deletes the first records, and moves the anchor behind them. */
async function moveAnchor({ tamper }: TestStore, sequence: number): Promise<void> {
  await tamper(`UPDATE audit_heads SET anchor_sequence = ${sequence}, anchor_hash = (SELECT hash FROM audit_records
      WHERE tenant_id = 'acme' AND sequence = ${sequence}) WHERE tenant_id = 'acme';
    DELETE FROM audit_records WHERE tenant_id = 'acme' AND sequence <= ${sequence}`);
}

/** A store of which retention has removed the first five of ten records. */
async function pruned(openTestStore: OpenTestStore, keys: ChainKeys) {
  const clock = createManualClock();
  const test = await openTestStore({ clock, keys });
  await test.store.append(records(5));
  clock.advance(1000);
  await test.store.append(records(5, {}, 'young'));
  expect(await test.store.prune('acme', new Date(clock.now()))).toBe(5);
  return { ...test, clock };
}

/** Writes the hashes as a version did whose anchors had no HMAC. */
async function asBefore({ store, tamper }: TestStore, key: ChainKeys[number]): Promise<void> {
  const all = await readAll(store, { tenantId: 'acme' });
  const place = await store.placeOf('acme');
  let previous = place?.head.anchor.hash ?? '';
  for (const { details, hash: _hash, ...row } of all) {
    previous = hashOf(previous, { ...row, details: JSON.stringify(details) }, key, 'plain');
    await tamper(`UPDATE audit_records SET hash = '${previous}' WHERE sequence = ${row.sequence}`);
  }
  await tamper(`UPDATE audit_heads SET hash = '${previous}', anchor_hmac = NULL`);
}

const moved = (sequence: number) => ({ ok: false, issue: { kind: 'moved', sequence } });

describe.for(DATABASES)('the anchor of a chain with a key in $name', ({ openTestStore }) => {
  test('shows that the first records were removed', async () => {
    const test = await openTestStore({ keys: [KEY] });
    await test.store.append(records(10));

    await moveAnchor(test, 3);

    expect(await test.store.verify('acme')).toMatchObject({ records: 7, ...moved(3) });
    await test.store.append(records(2, {}, 'later'));
    expect(await test.store.verify('acme')).toMatchObject({ records: 9, ...moved(3) });
  });

  test('is where retention has left it, and is sound with records behind it', async () => {
    const { store, clock } = await pruned(openTestStore, [KEY]);
    expect(await store.verify('acme')).toEqual({ ok: true, records: 5 });

    clock.advance(1000);
    expect(await store.prune('acme', new Date(clock.now()))).toBe(5);
    expect(await store.verify('acme')).toEqual({ ok: true, records: 0 });
    await store.append(records(2, {}, 'later'));

    expect(await store.verify('acme')).toEqual({ ok: true, records: 2 });
  });

  test('shows that records were made old, so that retention removed them', async () => {
    const clock = createManualClock();
    const test = await openTestStore({ clock, keys: [KEY] });
    await test.store.append(records(10));
    await test.tamper(
      `UPDATE audit_records SET recorded_at = '2001-01-01T00:00:00.000Z' WHERE sequence <= 4`,
    );
    await test.store.prune('acme', new Date(clock.now() - 1000));

    expect(await test.store.verify('acme')).toMatchObject(moved(4));
    clock.advance(1000);
    await test.store.append(records(2, {}, 'later'));
    await test.store.prune('acme', new Date(clock.now()));
    expect(await test.store.verify('acme')).toMatchObject(moved(10));
  });

  test('has the key of the last record, so that an older key can go with its records', async () => {
    const { store, open, clock } = await pruned(openTestStore, [KEY]);
    const rotated = await open({ clock, keys: [NEXT, KEY] });
    clock.advance(1000);
    await rotated.append(records(2, {}, 'rotated'));
    await rotated.prune('acme', new Date(clock.now()));
    await store.close();

    const after = await open({ clock, keys: [NEXT] });
    expect(await after.verify('acme')).toEqual({ ok: true, records: 2 });
    const early = await open({ clock, keys: [KEY] });
    await expect(early.verify('acme')).rejects.toMatchObject({ code: 'AUDIT_KEY_MISSING' });
    clock.advance(1000);
    const plain = await open({ clock, keys: [] });
    await expect(plain.prune('acme', new Date(clock.now()))).rejects.toMatchObject({
      code: 'AUDIT_KEY_MISSING',
    });
  });

  test('of an earlier version verifies, and has an HMAC from the next record on', async () => {
    const test = await pruned(openTestStore, [KEY]);
    await asBefore(test, KEY);
    expect(await test.store.verify('acme')).toEqual({ ok: true, records: 5 });

    await test.store.append(records(2, {}, 'later'));
    expect(await test.store.verify('acme')).toEqual({ ok: true, records: 7 });

    await test.tamper('UPDATE audit_heads SET anchor_hmac = NULL');
    expect(await test.store.verify('acme')).toMatchObject(moved(5));
  });

  test('of a store without keys verifies before and after it gets keys', async () => {
    const { store, open, clock } = await pruned(openTestStore, []);
    expect(await store.verify('acme')).toEqual({ ok: true, records: 5 });

    const keyed = await open({ clock, keys: [KEY] });
    await keyed.append(records(1, {}, 'keyed'));

    expect(await keyed.verify('acme')).toEqual({ ok: true, records: 6 });
  });
});

test.for([
  [SQLITE, 'PRAGMA user_version = 1'],
  [DATABASES[1], `DELETE FROM audit_migrations WHERE file = '0002-anchor-hmac.sql'`],
] as const)('a store without the column of the HMAC gets it: $0.name', async ([{ openTestStore }, sql]) => {
  const test = await pruned(openTestStore, []);
  await test.store.close();
  await test.tamper(`ALTER TABLE audit_heads DROP COLUMN anchor_hmac; ${sql}`);

  const store = await test.open({ keys: [KEY] });
  await store.append(records(1, {}, 'keyed'));

  expect(await store.verify('acme')).toEqual({ ok: true, records: 6 });
  await moveAnchor(test, 7);
  expect(await store.verify('acme')).toMatchObject(moved(7));
});

test('gwm audit verify says that a chain was moved, and gwm audit compare takes its hashes', async () => {
  const files = await keyFiles('k1');
  const keys = [{ id: 'k1', bytes: Buffer.from(await readFile(files.k1, 'utf8'), 'base64') }];
  const test = await SQLITE.openTestStore({ keys });
  const env = { AUDIT_DATABASE_URL: test.url, AUDIT_KEYS: payloadKeysOf(files, 'k1') };
  await test.store.append(records(4));
  const checkpoints = join(dirname(files.k1), 'checkpoints');
  await writeFile(checkpoints, (await runCommand(['audit', 'checkpoints'], { env })).stdout);
  await moveAnchor(test, 2);

  expect(await runCommand(['audit', 'verify'], { env })).toMatchObject({
    code: 1,
    stdout:
      'acme: BROKEN after 2 sound records: the chain was moved to begin behind record 2, and retention has not done that',
  });
  expect(await runCommand(['audit', 'compare', checkpoints], { env })).toMatchObject({
    code: 0,
    stdout: 'acme: record 4 is the one of the checkpoint',
  });
});
