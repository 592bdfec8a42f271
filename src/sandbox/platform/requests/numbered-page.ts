import type { PlatformSettings } from '../settings.ts';
import { invalidParameter, PlatformError } from './errors.ts';

const DEFAULT_PAGE_SIZE = 25;

/** The place of a page in a list with page numbers. */
export interface PageNumbers {
  readonly pageNumber: number;
  readonly pageSize: number;
}

/** Reads `pageNumber` and `pageSize`. The first page is 1. */
export function pageNumbers(
  query: Readonly<Record<string, string>>,
  { requests }: PlatformSettings,
): PageNumbers | PlatformError {
  const pageNumber = wholeNumber('pageNumber', query, 1, Number.MAX_SAFE_INTEGER);
  if (pageNumber instanceof PlatformError) return pageNumber;
  const pageSize = wholeNumber(
    'pageSize',
    query,
    Math.min(DEFAULT_PAGE_SIZE, requests.maxPageSize),
    requests.maxPageSize,
  );
  return pageSize instanceof PlatformError ? pageSize : { pageNumber, pageSize };
}

/** One page with the fields of a listing. A page after the last one is empty. */
export function numberedPage(
  list: readonly object[],
  { pageNumber, pageSize }: PageNumbers,
  path: string,
): object {
  const pageCount = Math.max(1, Math.ceil(list.length / pageSize));
  const uriOf = (page: number) => `${path}?pageSize=${pageSize}&pageNumber=${page}`;
  return {
    entities: list.slice((pageNumber - 1) * pageSize, pageNumber * pageSize),
    pageSize,
    pageNumber,
    total: list.length,
    pageCount,
    firstUri: uriOf(1),
    lastUri: uriOf(pageCount),
    selfUri: uriOf(pageNumber),
    ...(pageNumber < pageCount && { nextUri: uriOf(pageNumber + 1) }),
    ...(pageNumber > 1 && { previousUri: uriOf(pageNumber - 1) }),
  };
}

/** A query parameter that is a whole number from 1 to `max`. */
export function wholeNumber(
  name: string,
  query: Readonly<Record<string, string>>,
  absent: number,
  max: number,
): number | PlatformError {
  const text = query[name];
  if (text === undefined || text === '') return absent;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1 && value <= max) return value;
  return invalidParameter(name, text, `1 to ${max}`);
}
