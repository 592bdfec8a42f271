import { type Children, html } from '../html.ts';

/** A column of a table: its head, and the cell of a row. */
export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => Children;
  /** Numbers stand at the right, one below the other. */
  readonly isNumber?: boolean;
  /** The first cell names the row for screen readers. */
  readonly isHead?: boolean;
  /** With it the column sorts: its current direction. */
  readonly sorted?: 'ascending' | 'descending' | 'none' | undefined;
  readonly onSort?: (() => void) | undefined;
}

export interface TableProps<Row> {
  /** What the table shows, for screen readers. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
}

/** A table that scrolls within itself where the screen is narrow. */
export function Table<Row>({ caption, columns, rows, keyOf }: TableProps<Row>) {
  return html`<div class="table" role="region" aria-label=${caption} tabindex="0">
    <table>
      <caption class="unseen">${caption}</caption>
      <thead><tr>${columns.map(headOf)}</tr></thead>
      <tbody>
        ${rows.map((row) => html`<tr key=${keyOf(row)}>${columns.map((column) => cellOf(column, row))}</tr>`)}
      </tbody>
    </table>
  </div>`;
}

function headOf<Row>({ head, isNumber, sorted, onSort }: Column<Row>) {
  const kind = isNumber ? 'number' : undefined;
  if (!onSort) return html`<th scope="col" class=${kind}>${head}</th>`;
  const sign = sorted === 'ascending' ? '↑' : sorted === 'descending' ? '↓' : '';
  return html`<th scope="col" class=${kind} aria-sort=${sorted}>
    <button type="button" class="sort" onClick=${onSort}>${head}<span aria-hidden="true">${sign}</span></button>
  </th>`;
}

function cellOf<Row>({ cell, isNumber, isHead }: Column<Row>, row: Row) {
  if (isHead) return html`<th scope="row">${cell(row)}</th>`;
  return html`<td class=${isNumber ? 'number' : undefined}>${cell(row)}</td>`;
}
