import { messageOf } from './errors.ts';

/** The path of a file for messages. An address that stands in its place may have a password in it. */
export function shownPath(path: string): string {
  return /:\/|@/.test(path) ? '(not shown: it looks like an address)' : path;
}

/** Why a file cannot be read or written, without its path, which Node has at the end. */
export function describeFileError(error: unknown): string {
  return messageOf(error).replace(/, \w+ '[\s\S]*'$/, '');
}
