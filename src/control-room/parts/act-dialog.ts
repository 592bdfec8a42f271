import { useState } from 'preact/hooks';
import { type Act, type ActField, asked, perform } from '../data/acts.ts';
import type { ApiError } from '../data/api.ts';
import { useStore } from '../data/store.ts';
import { html } from '../html.ts';
import { Dialog } from './dialog.ts';
import { Failure } from './notice.ts';

/** Asks about the act that a button of the page has named. */
export function ActDialog() {
  const act = useStore(asked);
  return act && html`<${Question} key=${act.title} act=${act} />`;
}

function Question({ act }: { readonly act: Act }) {
  const { title, text, verb, isGrave = false, fields = [] } = act;
  const [error, setError] = useState<ApiError | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  const close = () => asked.set(undefined);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const values = Object.fromEntries(fields.map(({ name }) => [name, String(given.get(name) ?? '').trim()]));
    setBusy(true);
    setError(await perform(act, values));
    setBusy(false);
  };

  return html`<${Dialog} title=${title} onClose=${close}>
    <form class="lines" onSubmit=${submit}>
      <p>${text}</p>
      ${fields.map((field) => html`<${Field} key=${field.name} field=${field} />`)}
      ${error && html`<${Failure} error=${error} />`}
      <div class="buttons">
        <button type="button" onClick=${close}>Back</button>
        <button type="submit" class=${isGrave ? 'grave' : 'main'} disabled=${isBusy}>${isBusy ? 'Working' : verb}</button>
      </div>
    </form>
  <//>`;
}

function Field({ field: { name, label, first, hint, choices } }: { readonly field: ActField }) {
  const id = `act-${name}`;
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${
      choices
        ? html`<select id=${id} name=${name}>${choices.map((choice) => html`<option key=${choice} selected=${choice === first}>${choice}</option>`)}</select>`
        : html`<input id=${id} name=${name} value=${first} required autocomplete="off" aria-describedby=${`${id}-hint`} />`
    }
    ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
  </div>`;
}
