import type { ApiError } from '../data/api.ts';
import type { Loaded } from '../data/use-load.ts';
import { mayPass } from '../data/use-load.ts';
import { type Children, html } from '../html.ts';

export interface FailureProps {
  readonly error: ApiError;
  /** The page still shows an older answer. */
  readonly isOld?: boolean;
  /** The page repeats the request by itself. It never repeats an act or a login. */
  readonly isRepeated?: boolean;
}

/** Why there is no answer, and whether the page asks again. */
export function Failure({ error, isOld = false, isRepeated = false }: FailureProps) {
  const again = isRepeated ? ' The page asks again by itself.' : '';
  const old = isOld ? ' What you see is the last answer.' : '';
  return html`<div class="notice bad" role="alert">
    <p><strong>${error.message}.</strong> ${error.detail ?? ''}${again}${old} <code>${error.code}</code></p>
  </div>`;
}

export function Empty({ children }: { readonly children?: Children }) {
  return html`<p class="empty">${children}</p>`;
}

export interface ShownProps<Answer> {
  readonly of: Loaded<Answer>;
  /** Shows an answer. */
  readonly children: (answer: Answer) => Children;
}

/** An answer of the API, with a word about it while it is on its way or fails. */
export function Shown<Answer>({ of: { data, error, isLoading }, children }: ShownProps<Answer>) {
  return html`
    ${error && html`<${Failure} error=${error} isOld=${data !== undefined} isRepeated=${mayPass(error)} />`}
    ${isLoading && data === undefined && html`<p class="loading" role="status">Loading</p>`}
    ${data !== undefined && children(data)}
  `;
}
