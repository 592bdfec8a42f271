import { type Children, html } from '../html.ts';

export type Fact = readonly [name: string, value: Children];

/** Names and values, one below the other. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return html`<dl class="facts">${facts.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

export interface Tile {
  readonly name: string;
  readonly value: string;
  /** A second line, in small. */
  readonly note?: string | undefined;
  readonly tone?: 'warn' | 'bad' | undefined;
}

/** The numbers that a person looks at first. */
export function Tiles({ tiles }: { readonly tiles: readonly Tile[] }) {
  return html`<dl class="tiles">${tiles.map(
    ({ name, value, note, tone }) => html`<div key=${name} class=${tone}>
      <dt>${name}</dt>
      <dd class="value">${tone && html`<span class="sign" aria-hidden="true">▲</span>`}${value}</dd>
      <dd class="note">${note ?? ''}</dd>
    </div>`,
  )}</dl>`;
}
