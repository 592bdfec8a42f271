import { useState } from 'preact/hooks';
import type { ApiError } from '../data/api.ts';
import { asApiError, logIn } from '../data/login.ts';
import { html } from '../html.ts';
import { Heading } from '../parts/heading.ts';
import { Failure } from '../parts/notice.ts';

/** Asks for the secret of an API key. The page keeps it no longer than the request takes. */
export function LoginView({ reason }: { readonly reason?: string | undefined }) {
  const [error, setError] = useState<ApiError | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const secret = String(new FormData(form).get('secret') ?? '').trim();
    setBusy(true);
    try {
      await logIn(secret);
    } catch (cause) {
      form.reset();
      setError(asApiError(cause));
      setBusy(false);
    }
  };

  return html`<main class="login">
    <${Heading} title="Control room" />
    ${reason && html`<p class="notice warn" role="status">${reason}</p>`}
    <form class="lines" onSubmit=${submit}>
      <div class="field">
        <label for="secret">Secret of an API key</label>
        <input id="secret" name="secret" type="password" required autocomplete="current-password" spellcheck=${false} aria-describedby="secret-hint" />
        <p class="hint" id="secret-hint">
          <code>gwm keys create --name NAME --tenants all --scopes read</code> makes a key that reads. One with${' '}
          <code>read,operate</code> also acts.
        </p>
      </div>
      ${error && html`<${Failure} error=${error} />`}
      <button type="submit" class="main" disabled=${isBusy}>${isBusy ? 'Working' : 'Log in'}</button>
    </form>
  </main>`;
}
