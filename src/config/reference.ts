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
  const bytes = readFile(reference.file);
  const text = bytes && decodeUtf8(bytes)?.trimEnd();
  if (text) return { secret: text };
  const isOfAnotherEncoding = bytes !== undefined && text === undefined;
  return {
    issue: `the ${placeOf(reference)} ${isOfAnotherEncoding ? 'is not UTF-8' : 'is missing or empty'}`,
  };
}

function placeOf(reference: Reference): string {
  return 'env' in reference ? `environment variable ${reference.env}` : `file ${reference.file}`;
}

function readFile(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
