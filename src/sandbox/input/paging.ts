import { z } from 'zod';

/** How many entries a page has that does not say it. */
export const DEFAULT_PAGE_SIZE = 25;

/** How many entries a page may have, wherever the platform has pages. */
export const pageSizeSchema = z.int().min(1).max(100);

/** One page, and how much there is besides. */
export interface Page<T> {
  entries: T[];
  total: number;
  pageCount: number;
}

/** A page of a list, the first being 1; beyond the last they are empty. */
export function pageOf<T>(list: readonly T[], page: number, pageSize: number): Page<T> {
  const startIndex = (page - 1) * pageSize;
  return {
    entries: list.slice(startIndex, startIndex + pageSize),
    total: list.length,
    pageCount: Math.ceil(list.length / pageSize),
  };
}
