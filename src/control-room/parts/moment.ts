import { moment, NO_VALUE } from '../data/format.ts';
import { html } from '../html.ts';

/** A time, by the clock of this browser. The exact one in UTC is its title. */
export function Moment({ at }: { readonly at: string | null | undefined }) {
  if (at === null || at === undefined) return html`<span>${NO_VALUE}</span>`;
  return html`<time datetime=${at} title=${at}>${moment(at)}</time>`;
}
