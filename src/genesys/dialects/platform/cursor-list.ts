import { z } from 'zod';
import { textOf } from '../../../core/shapes.ts';
import type { Operation, Permissions } from '../../operation.ts';
import { readAnswer } from '../../read-answer.ts';

/** Longest page. */
export const MAX_PAGE_BYTES = 8 * 1024 * 1024;

/** How much a page has. */
export interface PageLimit {
  readonly entries: number;
  readonly bytes: number;
}

const USUAL: PageLimit = { entries: 100, bytes: MAX_PAGE_BYTES };

/** Where a page begins. */
export interface PageRequest {
  /** The cursor of the page before; undefined for the first page. */
  readonly after?: string | undefined;
}

export interface Page<Entry> {
  readonly entries: readonly Entry[];
  /** The cursor of the next page; undefined: this is the last one. */
  readonly after?: string | undefined;
}

/**
 * A list with cursors, such as that of deployments. The answer names the address of the next page.
 * Only its cursor is read, so that no answer leads a worker to another address.
 *
 * @param entry the shape of one entry. A page with an unreadable entry is refused: that entry may be
 * the one that a job looks for, and the job would create it again.
 */
export function cursorList<Request extends PageRequest, Entry extends z.ZodType>(
  name: string,
  permissions: Permissions,
  pathOf: (request: Request) => string,
  entry: Entry,
  limit: PageLimit = USUAL,
): Operation<Request, Page<z.output<Entry>>> {
  const shape = z.looseObject({
    entities: z.array(entry),
    nextUri: textOf({ max: 4000 }).nullish().catch(undefined),
  });
  return {
    name,
    method: 'GET',
    maxAnswerBytes: limit.bytes,
    permissions,
    path(request) {
      const query = new URLSearchParams({ pageSize: String(limit.entries) });
      if (request.after !== undefined) query.set('after', request.after);
      return `${pathOf(request)}?${query}`;
    },
    body: () => undefined,
    read(answer) {
      const { entities, nextUri } = readAnswer({ name, shape, code: 'ANSWER_MALFORMED' }, answer);
      return { entries: entities as z.output<Entry>[], after: cursorIn(nextUri) };
    },
  };
}

function cursorIn(uri: string | null | undefined): string | undefined {
  const after = uri ? URL.parse(uri, 'https://api.invalid')?.searchParams.get('after') : undefined;
  return after || undefined;
}
