import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type ApiError, get, type Query } from './api.ts';
import { asApiError } from './login.ts';

/** An answer of the API. After a failure it is the last one that came. */
export interface Loaded<Answer> {
  readonly data: Answer | undefined;
  readonly error: ApiError | undefined;
  readonly isLoading: boolean;
  /** Asks again. */
  reload(): void;
}

export interface LoadOptions {
  /** How often the page asks again, ms; never by default. */
  readonly everyMs?: number;
  /** Another one makes the page ask again. */
  readonly revision?: string;
}

/** A failure of Redis or of the server ends soon, in most cases. */
export const RETRY_MS = 2000;

/**
 * Asks the API, and asks again while the answer fails.
 * @param path null asks nothing.
 */
export function useLoad<Answer>(
  path: string | null,
  query: Query = {},
  { everyMs, revision }: LoadOptions = {},
): Loaded<Answer> {
  const [state, setState] = useState<Omit<Loaded<Answer>, 'reload'>>({
    ...NOTHING,
    isLoading: path !== null,
  });
  const [round, setRound] = useState(0);
  const key = path === null ? null : `${path}?${JSON.stringify(query)}`;
  const shown = useRef<string | null>(null);

  useEffect(() => {
    if (path === null) return setState(NOTHING);
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Another question has another answer. The same one keeps its answer until the next is there.
    if (shown.current !== key) setState({ ...NOTHING, isLoading: true });
    shown.current = key;
    const load = async () => {
      try {
        const data = await get<Answer>(path, query, controller.signal);
        setState({ data, error: undefined, isLoading: false });
        if (everyMs !== undefined) timer = setTimeout(load, everyMs);
      } catch (cause) {
        if (controller.signal.aborted) return;
        const error = asApiError(cause);
        setState((before) => ({ data: before.data, error, isLoading: false }));
        if (mayPass(error)) timer = setTimeout(load, everyMs ?? RETRY_MS);
      }
    };
    void load();
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [key, round, revision]);

  const reload = useCallback(() => setRound((before) => before + 1), []);
  return { ...state, reload };
}

const NOTHING = { data: undefined, error: undefined, isLoading: false };

/** Whether the same question may have an answer later. */
export function mayPass({ status }: ApiError): boolean {
  return status === 0 || status === 429 || status >= 500;
}
