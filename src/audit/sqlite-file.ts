import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { StoreGone } from './store-gone.ts';

/** How long SQLite itself waits for a lock, ms. It blocks the thread meanwhile. */
const BUSY_MS = 5;

/** The file that a path named when it was opened. */
export interface OpenedFile {
  /** @throws {StoreGone} when the path names another file now, or no file. */
  requireSame(): void;
}

/** Opens a connection, and creates a missing file only if `create` says so. */
export function openDatabase(path: string, { create }: { readonly create: boolean }): DatabaseSync {
  const url = pathToFileURL(path);
  url.searchParams.set('mode', create ? 'rwc' : 'rw');
  return new DatabaseSync(url, { timeout: BUSY_MS });
}

/** Opens a connection that only reads. */
export function openReader(path: string): DatabaseSync {
  return new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
}

/**
 * Remembers which file a path names. SQLite goes on writing to a removed file, and these records
 * would be lost.
 */
export function noteFile(path: string): OpenedFile {
  const opened = identityOf(path);
  return {
    requireSame() {
      const now = identityOf(path);
      if (now === opened && opened !== undefined) return;
      const what = now === undefined ? 'was removed' : 'was replaced by another file';
      throw new StoreGone(`the audit database ${path} ${what}; it is opened again`);
    },
  };
}

function identityOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}
