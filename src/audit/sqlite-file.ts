import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { StoreGone } from './store-gone.ts';

/** How long SQLite itself waits for a lock. */
const BUSY_MS = 5;

/** The file that a path led to at one moment. */
export interface OpenedFile {
  /** @throws {StoreGone} when the path leads to another file by now, or to none. */
  requireSame(): void;
}

/** A connection that makes no file where there is none, unless it may. */
export function openDatabase(path: string, { create }: { readonly create: boolean }): DatabaseSync {
  const url = pathToFileURL(path);
  url.searchParams.set('mode', create ? 'rwc' : 'rw');
  return new DatabaseSync(url, { timeout: BUSY_MS });
}

/** A connection that only reads. */
export function openReader(path: string): DatabaseSync {
  return new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
}

/**
 * Remembers which file a path leads to. SQLite goes on writing into a file that was removed, and nothing of it can ever be
 * read again.
 */
export function noteFile(path: string): OpenedFile {
  const opened = identityOf(path);
  return {
    requireSame() {
      const now = identityOf(path);
      if (now === opened && opened !== undefined) return;
      const what = now === undefined ? 'was removed' : 'was replaced by another file';
      throw new StoreGone(`the audit database ${path} ${what}; it is opened anew`);
    },
  };
}

function identityOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}
