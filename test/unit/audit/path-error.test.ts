import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { auditPathIssue } from '../../../src/audit/path-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'gwm-path-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

writeFileSync(at('empty.db'), '');
writeFileSync(at('text.db'), 'these are no records\n');
chmodSync(at('text.db'), 0o755);
mkdirSync(at('a-folder'));
new DatabaseSync(at('sound.db')).exec('CREATE TABLE t (x)');

test.for(['sound.db', 'empty.db', 'not-there-yet.db'])('%s can be written', async (name) => {
  expect(await auditPathIssue(`sqlite:${at(name)}`)).toBeUndefined();
});

test.for([
  ['a-folder', 'it is a folder'],
  ['text.db', 'it is no SQLite database'],
  ['text.db/audit.db', 'ENOTDIR'],
  ['nowhere/audit.db', 'ENOENT'],
] as const)('%s cannot be written: %s', async ([name, why]) => {
  const issue = await auditPathIssue(`sqlite:${at(name)}`);

  expect(issue).toContain(`the audit database ${at(name)} cannot be written`);
  expect(issue).toContain(why);
});

test('the address of another database gives no error', async () => {
  expect(await auditPathIssue('postgres://u:p@h/gwm')).toBeUndefined();
});
