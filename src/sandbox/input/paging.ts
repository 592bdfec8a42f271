import { z } from 'zod';

/** The size of a page when the request names no size. */
export const DEFAULT_PAGE_SIZE = 25;

/** The sizes that the platform allows for a page. */
export const pageSizeSchema = z.int().min(1).max(100);

/** One page, and the size of the whole list. */
export interface Page<T> {
  entries: T[];
  total: number;
  pageCount: number;
}

/** One page of a list. The first page is 1, and a page after the last one is empty. */
export function pageOf<T>(list: readonly T[], page: number, pageSize: number): Page<T> {
  const startIndex = (page - 1) * pageSize;
  return {
    entries: list.slice(startIndex, startIndex + pageSize),
    total: list.length,
    pageCount: Math.ceil(list.length / pageSize),
  };
}
