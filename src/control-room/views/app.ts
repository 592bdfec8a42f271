import { useEffect } from 'preact/hooks';
import { forgetActs, leaveView } from '../data/acts.ts';
import { findLogin, loginState, logOut } from '../data/login.ts';
import { type Place, usePlace } from '../data/route.ts';
import { useStore } from '../data/store.ts';
import { html } from '../html.ts';
import { ActDialog } from '../parts/act-dialog.ts';
import { Heading } from '../parts/heading.ts';
import { Empty, Failure } from '../parts/notice.ts';
import { Report } from '../parts/report.ts';
import { ConversationView } from './conversation.ts';
import { DeadLettersView } from './dead-letters.ts';
import { Frame } from './frame.ts';
import { JobView } from './job.ts';
import { JobsView } from './jobs.ts';
import { LoginView } from './login.ts';
import { OverviewView } from './overview.ts';
import { ReceiversView } from './receivers.ts';
import { RolloutsView } from './rollouts.ts';
import { SearchView } from './search.ts';
import { TenantView } from './tenant.ts';

/** The whole page: the login, or the view of the place. */
export function App() {
  const state = useStore(loginState);
  const place = usePlace();
  useEffect(leaveView, [place]);
  useEffect(() => {
    if (state.is !== 'in') forgetActs();
  }, [state.is]);
  if (state.is === 'unknown')
    return html`<main class="login"><${Heading} title="Control room" /><p role="status">Loading</p></main>`;
  if (state.is === 'out') return html`<${LoginView} reason=${state.reason} />`;
  if (state.is === 'away')
    return html`<main class="login"><${Heading} title="Control room" /><${Failure} error=${state.error} isRepeated /></main>`;
  return html`<${Frame} login=${state.login} place=${place} onLogOut=${() => logOut().catch(findLogin)}>
    <${Report} />
    ${viewOf(place)}
    <${ActDialog} />
  <//>`;
}

/** A view with an id begins anew for another one. */
function viewOf(place: Place) {
  const [name = '', id = ''] = place.path;
  switch (name) {
    case '':
      return html`<${OverviewView} />`;
    case 'tenants':
      return html`<${TenantView} key=${id} id=${id} />`;
    case 'search':
      return html`<${SearchView} place=${place} />`;
    case 'conversations':
      return html`<${ConversationView} key=${`${place.query} ${id}`} id=${id} place=${place} />`;
    case 'jobs':
      return id === '' ? html`<${JobsView} place=${place} />` : html`<${JobView} key=${id} id=${id} />`;
    case 'rollouts':
      return html`<${RolloutsView} place=${place} />`;
    case 'dead-letters':
      return html`<${DeadLettersView} place=${place} />`;
    case 'receivers':
      return html`<${ReceiversView} place=${place} />`;
    default:
      return html`<${Heading} title="No such view" /><${Empty}>The address names no view of the control room.<//>`;
  }
}
