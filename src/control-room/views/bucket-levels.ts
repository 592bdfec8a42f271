import type { TenantState } from '../data/answers.ts';
import { html } from '../html.ts';

/** How many requests each bucket has left, as bars with numbers. */
export function BucketLevels({ buckets }: { readonly buckets: TenantState['buckets'] }) {
  return html`<span class="buckets">${buckets.map(({ class: bucketClass, level, burst }) => {
    const left = Math.max(0, Math.floor(level));
    return html`<span key=${bucketClass} class="bucket" title=${`${bucketClass}: ${left} of ${burst} requests`}>
      <span class="unseen">${bucketClass} </span><meter min="0" max=${Math.max(1, burst)} value=${left} aria-label=${`${bucketClass} bucket`}></meter>
      <span class="quiet">${left}</span></span>`;
  })}</span>`;
}
