import { useCallback, useEffect, useState } from 'preact/hooks';
import { type ApiError, get, type Query } from './api.ts';
import { asApiError } from './login.ts';
import { mayPass, RETRY_MS } from './use-load.ts';

/** Pages of an answer that were read so far. */
export interface Pages<Page> {
  readonly pages: readonly Page[];
  readonly error: ApiError | undefined;
  readonly isLoading: boolean;
  readonly hasMore: boolean;
  more(): void;
  /** Begins anew. */
  reload(): void;
}

export interface PagesOptions<Page> {
  /** Reads all pages, one after the other. */
  readonly readsAll?: boolean;
  /** Reads on behind pages without it, so that a person does not ask for each of them. */
  readonly isEnough?: (page: Page) => boolean;
}

/** Pages that are read for one question at most, when none of them has enough. */
const MOST_AT_ONCE = 20;

interface State<Page> {
  readonly pages: readonly Page[];
  readonly error: ApiError | undefined;
  readonly isLoading: boolean;
  readonly cursor: string | null;
}

/**
 * Reads an answer that comes in pages. The question must stay: a component with another question has
 * another `key`.
 * @param path null asks nothing.
 */
export function usePages<Page extends { readonly cursor: string | null }>(
  path: string | null,
  query: Query,
  { readsAll = false, isEnough = () => true }: PagesOptions<Page> = {},
): Pages<Page> {
  const [state, setState] = useState<State<Page>>(EMPTY);
  const [round, setRound] = useState({ number: 0, cursor: undefined as string | undefined });

  useEffect(() => {
    if (path === null) return setState(EMPTY);
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let cursor: string | null | undefined = round.cursor;
    const isFirst = cursor === undefined;
    setState((before) => ({ ...(isFirst ? EMPTY : before), isLoading: true }));
    const read = async () => {
      let isLoading = true;
      try {
        for (let number = 1; isLoading; number++) {
          const page: Page = await get<Page>(
            path,
            { ...query, cursor: cursor ?? undefined },
            controller.signal,
          );
          cursor = page.cursor;
          const goesOn = readsAll || (number < MOST_AT_ONCE && !isEnough(page));
          isLoading = goesOn && cursor !== null;
          const next = { error: undefined, isLoading, cursor };
          setState((before) => ({ ...next, pages: [...before.pages, page] }));
        }
      } catch (cause) {
        if (controller.signal.aborted) return;
        const error = asApiError(cause);
        setState((before) => ({ ...before, error, isLoading: false }));
        // It goes on with the page that failed.
        if (mayPass(error)) timer = setTimeout(read, RETRY_MS);
      }
    };
    void read();
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [round]);

  const reload = useCallback(() => setRound(({ number }) => ({ number: number + 1, cursor: undefined })), []);
  const { pages, error, isLoading, cursor } = state;
  const more = () => setRound(({ number }) => ({ number: number + 1, cursor: cursor ?? undefined }));
  return { pages, error, isLoading, hasMore: cursor !== null, more, reload };
}

const EMPTY = { pages: [], error: undefined, isLoading: false, cursor: null };
