import { mayPass } from '../data/use-load.ts';
import type { Pages } from '../data/use-pages.ts';
import { html } from '../html.ts';
import { Failure } from './notice.ts';

/** What stands below pages that were read: a failure, or the way to the next page. */
export function More({ of: { pages, error, isLoading, hasMore, more } }: { readonly of: Pages<unknown> }) {
  return html`
    ${error && html`<${Failure} error=${error} isOld=${pages.length > 0} isRepeated=${mayPass(error)} />`}
    ${isLoading && html`<p class="loading" role="status">Loading</p>`}
    ${!isLoading && hasMore && html`<p><button type="button" onClick=${more}>Show more</button></p>`}
  `;
}
