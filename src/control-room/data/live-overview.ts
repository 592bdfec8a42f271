import { useEffect, useState } from 'preact/hooks';
import type { Overview } from './answers.ts';
import { ApiError, address } from './api.ts';
import { asApiError, findLogin } from './login.ts';
import type { Loaded } from './use-load.ts';

/** A stream that was refused is opened again after this time. */
const AGAIN_MS = 3000;

type State = Omit<Loaded<Overview>, 'reload'>;

/** The overview, as the server sends it whenever it looks at Redis. */
export function useLiveOverview(): State {
  const [state, setState] = useState<State>({ data: undefined, error: undefined, isLoading: true });
  useEffect(() => {
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const fail = (error: ApiError) => setState(({ data }) => ({ data, error, isLoading: false }));

    const open = () => {
      source = new EventSource(address('v1/overview/events'));
      source.addEventListener('overview', ({ data }) => {
        try {
          setState({ data: JSON.parse(data) as Overview, error: undefined, isLoading: false });
        } catch (error) {
          fail(asApiError(error));
        }
      });
      source.addEventListener('error', () => {
        fail(new ApiError({ code: 'STREAM_BROKEN', title: 'The live stream has broken off', status: 0 }));
        // The browser itself opens a stream again that was open.
        if (source?.readyState !== EventSource.CLOSED) return;
        void findLogin();
        timer = setTimeout(open, AGAIN_MS);
      });
    };
    open();
    return () => {
      source?.close();
      clearTimeout(timer);
    };
  }, []);
  return state;
}
