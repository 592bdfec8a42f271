import { messageOf } from './errors.ts';

/** The path of a file for messages. An address in place of a path may have a password. */
export function shownPath(path: string): string {
  return /:\/|@/.test(path) ? '(not shown: it looks like an address)' : path;
}

/** Why a file cannot be read or written, without its path: Node puts the path at the end. */
export function describeFileError(error: unknown): string {
  return messageOf(error).replace(/, \w+ '[\s\S]*'$/, '');
}
