import { report } from '../data/acts.ts';
import { useStore } from '../data/store.ts';
import { html } from '../html.ts';

/** How the last act ended. A screen reader says it. */
export function Report() {
  const last = useStore(report);
  return html`<div class="report" role="status">
    ${
      last &&
      html`<p class="good">${last.text}
        <button type="button" class="small" aria-label="Close this message" onClick=${() => report.set(undefined)}>×</button></p>`
    }
  </div>`;
}
