import { invalidParameter, PlatformError } from './errors.ts';
import { wholeNumber } from './numbered-page.ts';

/** The documented size of a page without `pageSize`. */
const DEFAULT_PAGE_SIZE = 300;

/**
 * One page of a list with cursors: `entities`, `total`, and the addresses of the pages beside it. A
 * cursor names the entry before or after which the page begins, so that new entries move no page.
 */
export function cursorPage<T>(
  list: readonly T[],
  keyOf: (entry: T) => string,
  query: Readonly<Record<string, string>>,
  path: string,
  maxPageSize: number,
): { entities: T[]; more: object } | PlatformError {
  const pageSize = wholeNumber('pageSize', query, Math.min(DEFAULT_PAGE_SIZE, maxPageSize), maxPageSize);
  if (pageSize instanceof PlatformError) return pageSize;
  const range = rangeOf(list.map(keyOf), query, pageSize);
  if (range instanceof PlatformError) return range;

  const entities = list.slice(range.start, range.end);
  const [first, last] = [entities.at(0), entities.at(-1)];
  const others = Object.entries(query).filter(([name]) => !['pageSize', 'before', 'after'].includes(name));
  const uriOf = (cursor: Record<string, string>) =>
    `${path}?${new URLSearchParams({ ...Object.fromEntries(others), pageSize: String(pageSize), ...cursor })}`;
  return {
    entities,
    more: {
      total: list.length,
      selfUri: uriOf(pick(query, ['before', 'after'])),
      ...(last !== undefined &&
        range.end < list.length && { nextUri: uriOf({ after: cursorOf(keyOf(last)) }) }),
      ...(first !== undefined &&
        range.start > 0 && { previousUri: uriOf({ before: cursorOf(keyOf(first)) }) }),
    },
  };
}

function rangeOf(
  keys: readonly string[],
  { after, before }: Readonly<Record<string, string>>,
  pageSize: number,
): { start: number; end: number } | PlatformError {
  if (after) {
    const index = keys.indexOf(keyOfCursor(after));
    if (index < 0) return invalidParameter('after', after, 'a cursor of a page before');
    return { start: index + 1, end: index + 1 + pageSize };
  }
  if (before) {
    const index = keys.indexOf(keyOfCursor(before));
    if (index < 0) return invalidParameter('before', before, 'a cursor of a page after');
    return { start: Math.max(0, index - pageSize), end: index };
  }
  return { start: 0, end: pageSize };
}

function cursorOf(key: string): string {
  return Buffer.from(key).toString('base64url');
}

function keyOfCursor(cursor: string): string {
  return Buffer.from(cursor, 'base64url').toString();
}

function pick(query: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(query).filter(([name]) => names.includes(name)));
}
