import type { DeadLetterAnswer, DeadLetterGroup } from '../data/answers.ts';
import { count } from '../data/format.ts';
import { goTo, linkTo, type Place } from '../data/route.ts';
import { usePages } from '../data/use-pages.ts';
import { html } from '../html.ts';
import { BulkButton } from '../parts/bulk-button.ts';
import { Heading } from '../parts/heading.ts';
import { Moment } from '../parts/moment.ts';
import { More } from '../parts/more.ts';
import { Empty } from '../parts/notice.ts';
import { TenantChoice } from '../parts/tenant-choice.ts';

/** Dead letters of a tenant by the code of their failure, with what to do about it. */
export function DeadLettersView({ place }: { readonly place: Place }) {
  const tenant = place.query.get('tenant') ?? '';
  return html`<${Heading} title="Dead letters" />
    <div class="filters"><${TenantChoice} value=${tenant} onChange=${(id: string) => goTo(['dead-letters'], { tenant: id })} /></div>
    ${tenant === '' ? html`<${Empty}>Choose a tenant.<//>` : html`<${Groups} key=${tenant} tenant=${tenant} />`}`;
}

function Groups({ tenant }: { readonly tenant: string }) {
  const pages = usePages<DeadLetterAnswer>('v1/dead-letters', { tenant }, { readsAll: true });
  const groups = together(pages.pages.flatMap((page) => page.groups));
  const total = groups.reduce((sum, group) => sum + group.count, 0);
  const isEmpty = groups.length === 0 && !pages.isLoading && !pages.error;
  return html`
    ${isEmpty && html`<${Empty}>${tenant} has no dead letter.<//>`}
    ${
      total > 0 &&
      html`<p><strong>${count(total)}</strong> dead letters of ${tenant}.</p>
        <div class="buttons">
          <${BulkButton} act=${{ verb: 'retry', filter: { tenant }, what: `all dead letters of ${tenant}` }} onDone=${pages.reload}>Redrive all<//>
        </div>`
    }
    ${groups.map((group) => html`<${Group} key=${group.code} tenant=${tenant} group=${group} onDone=${pages.reload} />`)}
    <${More} of=${pages} />`;
}

interface GroupProps {
  readonly tenant: string;
  readonly group: DeadLetterGroup;
  readonly onDone: () => void;
}

function Group({ tenant, group, onDone }: GroupProps) {
  const { code, title, hint, oldestAt, newestAt } = group;
  const filter = { tenant, ...(code !== null && { code }) };
  const what = `dead letters of ${tenant} with ${code}`;
  return html`<section class="card">
    <h2>${code ?? 'Without a code'} <span class="quiet">${count(group.count)}</span></h2>
    <p>${title}</p>
    ${hint && html`<p class="hint">${hint.replaceAll('`', '')}</p>`}
    <p class="quiet">From <${Moment} at=${oldestAt} /> to <${Moment} at=${newestAt} />.</p>
    <div class="buttons">
      <a href=${linkTo(['jobs'], { tenant, state: 'failed', code: code ?? undefined })}>Show the jobs</a>
      ${
        code !== null &&
        html`<${BulkButton} act=${{ verb: 'retry', filter, what }} onDone=${onDone}>Redrive<//>
          <${BulkButton} act=${{ verb: 'cancel', filter: { ...filter, state: 'failed' }, what }} onDone=${onDone}>Cancel<//>`
      }
    </div>
  </section>`;
}

/** The groups of several pages, the largest first. */
function together(groups: readonly DeadLetterGroup[]): DeadLetterGroup[] {
  const merged = [...Map.groupBy(groups, ({ code }) => code).values()].map((same) => ({
    ...(same[0] as DeadLetterGroup),
    count: same.reduce((sum, group) => sum + group.count, 0),
    oldestAt: same.map(({ oldestAt }) => oldestAt).toSorted()[0] ?? '',
    newestAt:
      same
        .map(({ newestAt }) => newestAt)
        .toSorted()
        .at(-1) ?? '',
  }));
  return merged.toSorted((a, b) => b.count - a.count);
}
