import { useEffect, useRef } from 'preact/hooks';
import type { Login } from '../../client/types.ts';
import { address } from '../data/api.ts';
import { may } from '../data/login.ts';
import { linkTo, type Place } from '../data/route.ts';
import { type Children, html } from '../html.ts';

const VIEWS = [
  { path: [], name: 'Overview' },
  { path: ['search'], name: 'Search' },
  { path: ['jobs'], name: 'Jobs' },
  { path: ['dead-letters'], name: 'Dead letters' },
  { path: ['rollouts'], name: 'Rollouts' },
  { path: ['receivers'], name: 'Receivers' },
] as const;

export interface FrameProps {
  readonly login: Login;
  readonly place: Place;
  readonly onLogOut: () => void;
  readonly children?: Children;
}

/** What all views share: the ways to the others, to the board, and out. */
export function Frame({ login: { key }, place, onLogOut, children }: FrameProps) {
  const role = may('operate') ? 'operator' : 'reader';
  const ways = useRef<HTMLElement>(null);
  const view = place.path[0];
  // On a phone the ways are wider than the screen, and the one to this view may be out of sight.
  useEffect(() => {
    const current = ways.current?.querySelector('[aria-current]');
    current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [view]);
  // The hash is the place in the page, so a link to the content must not change it.
  const skip = (event: Event) => {
    event.preventDefault();
    document.querySelector<HTMLElement>('h1')?.focus();
  };
  return html`<a class="skip" href="#content" onClick=${skip}>To the content</a>
    <header>
      <a class="name" href=${linkTo([])}>Control room</a>
      <nav ref=${ways} aria-label="Views"><ul>
        ${VIEWS.map(({ path, name }) => html`<li key=${name}><a href=${linkTo(path)} aria-current=${path[0] === view ? 'page' : undefined}>${name}</a></li>`)}
      </ul></nav>
      <div class="who">
        <a href=${address('board').href}>Board</a>
        <a href=${address('docs').href}>API</a>
        <span title=${key.id}>${key.name}, ${role}</span>
        <button type="button" class="small" onClick=${onLogOut}>Log out</button>
      </div>
    </header>
    <main id="content">${children}</main>`;
}
