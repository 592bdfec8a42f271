import { type Act, ask } from '../data/acts.ts';
import { may } from '../data/login.ts';
import { type Children, html } from '../html.ts';
import type { Column } from './table.ts';

export interface ActButtonProps {
  readonly act: Act;
  /** What the key of the login needs; without it there is no button. */
  readonly scope?: 'operate' | 'send' | 'admin';
  readonly children?: Children;
}

/** Asks about an act, and then acts. A reader has no such button. */
export function ActButton({ act, scope = 'operate', children }: ActButtonProps) {
  if (!may(scope)) return null;
  return html`<button type="button" class="small" onClick=${() => ask(act)}>${children}</button>`;
}

/** A column of acts. It would be empty for a reader. */
export function ifOperator<Row>(column: Column<Row>): readonly Column<Row>[] {
  return may('operate') ? [column] : [];
}
