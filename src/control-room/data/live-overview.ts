import { useEffect, useState } from 'preact/hooks';
import type { Overview } from './answers.ts';
import { address, get } from './api.ts';
import { asApiError } from './login.ts';
import type { Loaded } from './use-load.ts';

/** The server sends more often. A stream that is silent for so long says nothing about now. */
const SILENCE_MS = 15_000;
/** A stream that was refused is opened again after this time. */
const AGAIN_MS = 2000;

type State = Omit<Loaded<Overview>, 'reload'>;

/**
 * The overview, as the server sends it whenever it looks at Redis. A stream says nothing about why it is
 * refused or silent, so then the page asks once: the answer has the reason, or ends the login.
 */
export function useLiveOverview(): State {
  const [state, setState] = useState<State>({ data: undefined, error: undefined, isLoading: true });
  useEffect(() => {
    const controller = new AbortController();
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;

    const show = (data: Overview) => setState({ data, error: undefined, isLoading: false });
    const askWhy = async () => {
      try {
        show(await get<Overview>('v1/overview', {}, controller.signal));
      } catch (cause) {
        if (controller.signal.aborted) return;
        setState(({ data }) => ({ data, error: asApiError(cause), isLoading: false }));
      }
    };
    const after = (ms: number, next: () => void) => {
      clearTimeout(timer);
      timer = setTimeout(next, ms);
    };
    const open = () => {
      source?.close();
      source = new EventSource(address('v1/overview/events'));
      source.addEventListener('overview', ({ data }) => {
        show(JSON.parse(data) as Overview);
        after(SILENCE_MS, reopen);
      });
      source.addEventListener('error', () => {
        source?.close();
        void askWhy();
        after(AGAIN_MS, open);
      });
    };
    const reopen = () => {
      void askWhy();
      open();
      after(SILENCE_MS, reopen);
    };
    open();
    return () => {
      controller.abort();
      source?.close();
      clearTimeout(timer);
    };
  }, []);
  return state;
}
