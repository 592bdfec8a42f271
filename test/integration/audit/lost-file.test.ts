import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createThreadedStore } from '../../../src/audit/threaded-store.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { onEnd } from '../../support/lifetime.ts';
import { waitFor } from '../../support/wait-for.ts';
import { setOutbox } from './stage.ts';
import { DATABASES, records } from './stores.ts';

const [SQLITE] = DATABASES;

function pathOf(url: string): string {
  return url.slice('sqlite:'.length);
}

function remove(url: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${pathOf(url)}${suffix}`, { force: true });
}

const audit = (url: string, ...args: string[]) =>
  runCommand(['audit', ...args], { env: { AUDIT_DATABASE_URL: url } });

describe.for([
  ['removed', (url: string) => remove(url)],
  [
    'replaced',
    (url: string, other: string) => {
      remove(url);
      renameSync(pathOf(other), pathOf(url));
    },
  ],
] as const)('a SQLite file that is %s', ([what, harm]) => {
  test('fails the next write, is opened again by the one after it, and verify reports the loss', async () => {
    const { store, url } = await SQLITE.openTestStore();
    const other = await SQLITE.openTestStore();
    await other.store.append(records(2, {}, 'older'));
    await other.store.close();
    await store.append(records(5));

    harm(url, other.url);

    await expect(store.append(records(3, {}, 'more'))).rejects.toMatchObject({
      code: 'AUDIT_STORE_UNAVAILABLE',
      message: expect.stringContaining(`the audit database ${pathOf(url)} was ${what}`),
    });
    expect(await store.append(records(3, {}, 'more'))).toEqual({ added: 3, known: 0 });
    const sound = what === 'removed' ? 0 : 2;
    expect(await store.verify('acme')).toEqual({
      ok: false,
      records: sound,
      issue: { kind: 'removed', sequence: sound + 1 },
    });
  });
});

test('a relay logs that its SQLite file was removed, and loses no record', async () => {
  const { store, url } = await SQLITE.openTestStore();
  await store.close();
  const threaded = createThreadedStore(url);
  onEnd(() => threaded.close());
  const { outbox, relay, waiting } = setOutbox();
  const { heard } = relay({ intake: threaded, times: { lookMs: 20 } });
  await outbox.note(records(1)[0] as never);
  await waitFor(async () => (await threaded.count()) === 1 && (await waiting()) === 0, { what: 'a record' });

  remove(url);

  // The loss is logged also without new records.
  const warning = () => heard.lines.find(({ reason }) => String(reason).includes('was removed'));
  await waitFor(warning, { what: 'a warning about the file' });
  for (const record of records(20, {}, 'later')) await outbox.note(record);
  await waitFor(async () => (await waiting()) === 0, { what: 'an empty stream' });
  expect(await threaded.count()).toBe(20);
  const verified = await audit(url, 'verify');
  expect(verified).toMatchObject({
    code: 1,
    stdout: 'acme: BROKEN after 0 sound records: record 1 was removed',
  });
});

describe('gwm audit creates no file', () => {
  test.for(['verify', 'export'])('%s reports a missing file, and exits as unavailable', async (command) => {
    const { store, url } = await SQLITE.openTestStore();
    await store.close();
    remove(url);
    const args = command === 'export' ? ['--tenant', 'acme'] : [];

    expect(await audit(url, command, ...args)).toMatchObject({
      code: 69,
      stdout: '',
      stderr: `There is no audit database ${pathOf(url)}. Set AUDIT_DATABASE_URL to where it is.`,
    });
    expect(existsSync(pathOf(url))).toBe(false);

    writeFileSync(pathOf(url), '');
    const empty = await audit(url, command, ...args);
    expect(empty.code).toBe(69);
    expect(empty.stderr).toContain('the file holds no audit records');
  });
});
