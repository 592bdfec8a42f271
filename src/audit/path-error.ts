import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from '../core/errors.ts';

/**
 * The reason why the file of a `sqlite:` address cannot be written. Undefined when it can be, and
 * for other databases.
 */
export async function auditPathIssue(url: string): Promise<string | undefined> {
  const path = /^sqlite:(.+)$/.exec(url)?.[1];
  if (path === undefined) return undefined;
  const issue = await issueAt(path).catch(messageOf);
  return (
    issue &&
    `the audit database ${path} cannot be written (${issue}): audit records wait in Redis. Look at AUDIT_DATABASE_URL.`
  );
}

/** @throws the error of the system when the file cannot be reached */
async function issueAt(path: string): Promise<string | undefined> {
  // The slash makes the system refuse a file in place of the folder, whatever its rights.
  await access(`${dirname(path)}/`, constants.W_OK | constants.X_OK);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  if (!found.isFile()) return found.isDirectory() ? 'it is a folder' : 'it is no file';
  await access(path, constants.W_OK);
  return found.size === 0 || (await isDatabase(path)) ? undefined : 'it is no SQLite database';
}

const MAGIC = Buffer.from('SQLite format 3\0', 'latin1');

async function isDatabase(path: string): Promise<boolean> {
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0);
  return MAGIC.equals(buffer.subarray(0, bytesRead));
}
