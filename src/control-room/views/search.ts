import type { SearchAnswer } from '../data/answers.ts';
import { count, words } from '../data/format.ts';
import { goTo, linkTo, type Place } from '../data/route.ts';
import { usePages } from '../data/use-pages.ts';
import { html } from '../html.ts';
import { Heading } from '../parts/heading.ts';
import { More } from '../parts/more.ts';
import { Empty } from '../parts/notice.ts';
import { TenantChoice } from '../parts/tenant-choice.ts';
import { JobTable } from './job-table.ts';

/** Finds jobs by what a person has at hand. */
export function SearchView({ place }: { readonly place: Place }) {
  const tenant = place.query.get('tenant') ?? '';
  const text = place.query.get('q') ?? '';
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    goTo(['search'], { tenant, q: String(given.get('q') ?? '').trim() });
  };
  return html`<${Heading} title="Search" />
    <form class="filters" role="search" onSubmit=${submit}>
      <${TenantChoice} value=${tenant} onChange=${(id: string) => goTo(['search'], { tenant: id, q: text })} />
      <div class="field wide">
        <label for="q">Id</label>
        <input id="q" name="q" type="search" value=${text} required maxlength="300" autocomplete="off" spellcheck=${false} aria-describedby="q-hint" />
        <p class="hint" id="q-hint">Of a conversation, a guest, a job or a trace; an idempotency key or a correlation id.</p>
      </div>
      <button type="submit" class="main">Search</button>
    </form>
    ${text !== '' && tenant === '' && html`<${Empty}>Choose the tenant of the job.<//>`}
    ${text !== '' && tenant !== '' && html`<${Results} key=${`${tenant} ${text}`} tenant=${tenant} text=${text} />`}`;
}

function Results({ tenant, text }: { readonly tenant: string; readonly text: string }) {
  const pages = usePages<SearchAnswer>('v1/search', { tenant, q: text });
  const found = [
    ...new Map(pages.pages.flatMap((page) => page.found).map((each) => [each.job.id, each])).values(),
  ];
  const forgotten = pages.pages.flatMap((page) => page.forgotten);
  const seen = pages.pages.reduce((sum, page) => sum + page.seen, 0);
  const conversations = [
    ...new Set(found.filter(({ by }) => by === 'conversation').map(({ job }) => job.lane)),
  ];
  const isEmpty = found.length === 0 && forgotten.length === 0 && !pages.isLoading && !pages.error;
  return html`<section>
    <h2>Found: ${count(found.length)}</h2>
    ${conversations.map((lane) => lane && html`<p key=${lane}><a href=${linkTo(['conversations', lane], { tenant })}>The whole conversation ${lane}</a></p>`)}
    ${found.length > 0 && html`<${JobTable} caption="Jobs that were found" jobs=${found.map(({ job }) => job)} />`}
    ${forgotten.map(
      ({ id, kind, ending }) =>
        html`<p key=${id}>Job <span class="id">${id}</span> (${kind}) has ended: ${words(ending)}. Redis has no more of it.</p>`,
    )}
    ${isEmpty && html`<${Empty}>No job of ${tenant} among those looked at.<//>`}
    <p class="hint">Compared with ${count(seen)} jobs of ${tenant}, the newest first.</p>
    <${More} of=${pages} />
  </section>`;
}
