import type { Tenant } from '../../client/types.ts';
import type { Recent } from '../data/answers.ts';
import { count, milliseconds, percent } from '../data/format.ts';
import { linkTo } from '../data/route.ts';
import { html } from '../html.ts';
import { type Column, Table } from '../parts/table.ts';

interface Kind {
  readonly kind: string;
  readonly waiting: number;
  readonly windows: { readonly hour: Recent };
}

/** What the jobs of each kind did in the last hour. */
export function KindTable({ tenant }: { readonly tenant: Tenant }) {
  const kinds = (tenant as Tenant & { readonly kinds?: readonly Kind[] }).kinds ?? [];
  const columns: readonly Column<Kind>[] = [
    { head: 'Kind', isHead: true, cell: ({ kind }) => html`<a href=${linkTo(['jobs'], { tenant: tenant.id, kind })}>${kind}</a>` },
    { head: 'Waiting', isNumber: true, cell: ({ waiting }) => count(waiting) },
    { head: 'Delivered', isNumber: true, cell: ({ windows: { hour } }) => count(hour.counts.delivered) },
    { head: 'Failed', isNumber: true, cell: ({ windows: { hour } }) => count(hour.counts.failed + hour.counts.expired) },
    { head: '429', isNumber: true, cell: ({ windows: { hour } }) => count(hour.counts.throttled) },
    { head: 'Delivery', isNumber: true, cell: ({ windows: { hour } }) => percent(hour.deliveryRate) },
    { head: 'Success', isNumber: true, cell: ({ windows: { hour } }) => percent(hour.successRate) },
    { head: 'p50', isNumber: true, cell: ({ windows: { hour } }) => milliseconds(hour.latency?.p50) },
    { head: 'p95', isNumber: true, cell: ({ windows: { hour } }) => milliseconds(hour.latency?.p95) },
    { head: 'p99', isNumber: true, cell: ({ windows: { hour } }) => milliseconds(hour.latency?.p99) },
  ];
  return html`<section>
    <h2>Kinds, in the last hour</h2>
    <${Table} caption="Kinds of jobs in the last hour" columns=${columns} rows=${kinds} keyOf=${({ kind }: Kind) => kind} />
  </section>`;
}
