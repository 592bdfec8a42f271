import type { Tenant } from '../../client/types.ts';
import type { Kind } from '../data/answers.ts';
import { count, milliseconds, percent } from '../data/format.ts';
import { linkTo } from '../data/route.ts';
import { html } from '../html.ts';
import { Empty } from '../parts/notice.ts';
import { type Column, Table } from '../parts/table.ts';

/** What the jobs of each kind did in the last hour. */
export function KindTable({ tenant }: { readonly tenant: Tenant }) {
  const columns: readonly Column<Kind>[] = [
    {
      head: 'Kind',
      isHead: true,
      cell: ({ kind }) => html`<a href=${linkTo(['jobs'], { tenant: tenant.id, kind })}>${kind}</a>`,
    },
    { head: 'Waiting', isNumber: true, cell: waitingOf },
    { head: 'Delivered', isNumber: true, cell: ({ hour }) => count(hour.counts.delivered) },
    { head: 'Failed', isNumber: true, cell: ({ hour }) => count(hour.counts.failed + hour.counts.expired) },
    { head: '429', isNumber: true, cell: ({ hour }) => count(hour.counts.throttled) },
    { head: 'Delivery', isNumber: true, cell: ({ hour }) => percent(hour.deliveryRate) },
    { head: 'Success', isNumber: true, cell: ({ hour }) => percent(hour.successRate) },
    { head: 'p50', isNumber: true, cell: ({ hour }) => milliseconds(hour.latency?.p50) },
    { head: 'p95', isNumber: true, cell: ({ hour }) => milliseconds(hour.latency?.p95) },
    { head: 'p99', isNumber: true, cell: ({ hour }) => milliseconds(hour.latency?.p99) },
  ];
  return html`<section>
    <h2>Kinds, in the last hour</h2>
    ${
      tenant.kinds.length === 0
        ? html`<${Empty}>The tenant has had no job for a day.<//>`
        : html`<${Table} caption="Kinds of jobs in the last hour" columns=${columns} rows=${tenant.kinds} keyOf=${({ kind }: Kind) => kind} />`
    }
  </section>`;
}

/** With very many jobs the server counts the oldest of them. */
function waitingOf({ waiting, isWaitingWhole }: Kind): string {
  return isWaitingWhole ? count(waiting) : `over ${count(waiting)}`;
}
