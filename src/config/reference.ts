import { readFileSync } from 'node:fs';
import { decodeUtf8 } from '../core/utf8.ts';
import type { Environment } from './environment.ts';

/** Where a secret is. No setting and no file of ours holds the secret itself. */
export type Reference = { readonly env: string } | { readonly file: string };

/**
 * Reads what a reference names. White space at the end of a file is no part of it.
 * @returns the secret, or what is wrong, in words that never quote it.
 */
export function readReference(
  reference: Reference,
  environment: Environment,
): { readonly secret: string } | { readonly issue: string } {
  if ('env' in reference) {
    // Not inherited fields such as `toString`.
    const value = Object.hasOwn(environment, reference.env) ? environment[reference.env] : undefined;
    return value ? { secret: value } : { issue: `the ${placeOf(reference)} is missing or empty` };
  }
  const read = readFile(reference.file);
  if ('issue' in read) return { issue: `the ${placeOf(reference)} ${read.issue}` };
  const text = decodeUtf8(read.bytes)?.trimEnd();
  if (text) return { secret: text };
  return { issue: `the ${placeOf(reference)} ${text === undefined ? 'is not UTF-8' : MISSING}` };
}

const MISSING = 'is missing or empty';

function placeOf(reference: Reference): string {
  return 'env' in reference ? `environment variable ${reference.env}` : `file ${reference.file}`;
}

function readFile(file: string): { readonly bytes: Uint8Array } | { readonly issue: string } {
  try {
    return { bytes: readFileSync(file) };
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return { issue: ISSUES[code] ?? `cannot be read (${code})` };
  }
}

/** What an error of the file system means. */
const ISSUES: Readonly<Record<string, string>> = {
  ENOENT: MISSING,
  ENOTDIR: MISSING,
  EISDIR: 'is a folder; wanted a file with the secret',
  EACCES: 'cannot be read: this process has no right to it',
};
