import { constants, statSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from '../core/errors.ts';

/** Why the file of a `sqlite:` address cannot be written; undefined where it can, and for other databases. */
export async function auditPathFault(url: string): Promise<string | undefined> {
  const path = /^sqlite:(.+)$/.exec(url)?.[1];
  if (path === undefined) return undefined;
  const isThere = statSync(path, { throwIfNoEntry: false }) !== undefined;
  try {
    await access(dirname(path), constants.W_OK | constants.X_OK);
    if (isThere) await access(path, constants.W_OK);
    return undefined;
  } catch (error) {
    return `the audit database ${path} cannot be written (${messageOf(error)}): audit records wait in Redis. Look at AUDIT_DATABASE_URL.`;
  }
}
