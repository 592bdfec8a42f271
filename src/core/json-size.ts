import { pathTo } from './issues.ts';

/** Levels that are measured. The check of each field refuses a deeper value. */
const MAX_LEVELS = 32;

/**
 * Measures a value from outside before any other function reads it: level by level, without
 * recursion, and no further than the limit. It counts a list before it reads its items, so that a
 * list of a billion holes ends the count at once.
 *
 * @returns the least bytes of UTF-8 that the value takes as JSON; any number beyond `most` when it
 * takes more than that.
 */
export function leastJsonBytes(root: unknown, most: number): number {
  let bytes = 0;
  let level: unknown[] = [root];
  for (let depth = 0; depth < MAX_LEVELS && level.length > 0; depth++) {
    const below: unknown[] = [];
    for (const value of level) {
      bytes += ownBytes(value, most);
      if (bytes > most) return bytes;
      if (Array.isArray(value)) for (const held of value) below.push(held);
      else if (typeof value === 'object' && value !== null) {
        for (const name of Object.keys(value)) {
          bytes += textBytes(name, most);
          if (bytes > most) return bytes;
          below.push((value as Readonly<Record<string, unknown>>)[name]);
        }
      }
    }
    level = below;
  }
  return bytes;
}

/**
 * The first field of an object with which it takes more than `most` bytes of JSON. Empty where
 * another value takes more; undefined where the value takes no more.
 */
export function fieldBeyond(root: unknown, most: number): string | undefined {
  if (typeof root !== 'object' || root === null || Array.isArray(root)) {
    return leastJsonBytes(root, most) > most ? '' : undefined;
  }
  let bytes = 0;
  for (const [name, held] of Object.entries(root)) {
    bytes += textBytes(name, most);
    if (bytes <= most) bytes += leastJsonBytes(held, most - bytes);
    if (bytes > most) return pathTo('', name);
  }
  return undefined;
}

/**
 * Bytes of UTF-8 that a value takes as JSON. It must be read by `readJson` first: `JSON.stringify`
 * recurses.
 */
export function jsonBytes(root: unknown): number {
  return Buffer.byteLength(JSON.stringify(root) ?? '', 'utf8');
}

/** The bytes of a value without its children. */
function ownBytes(value: unknown, most: number): number {
  if (typeof value === 'string') return textBytes(value, most);
  if (Array.isArray(value)) return value.length + 1;
  return 1;
}

/** Its quotes, and a colon or comma, included. */
function textBytes(text: string, most: number): number {
  // A text has at least as many bytes as characters, so that a far too long one is not read.
  return text.length > most ? text.length : Buffer.byteLength(text, 'utf8') + 3;
}
