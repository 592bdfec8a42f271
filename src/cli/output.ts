import Table, { type TableConstructorOptions } from 'cli-table3';
import { printable } from '../core/printable.ts';

/**
 * All that commands print goes through here: what comes from outside must neither move the cursor of a terminal nor look like
 * something else. Results go to standard output, everything about them to standard error.
 */

export function print(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}

/** One JSON value on a line. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value));
}

/** A remark: progress, issues, what a result comes to. */
export function remark(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}

export type Cell = string | number;

/** A table whose cells hold one line each. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  colAligns: TableConstructorOptions['colAligns'] = [],
): string {
  const table = new Table({ head: [...head], colAligns, style: { head: [], border: [] } });
  for (const row of rows) table.push(row.map((cell) => printable(String(cell))));
  return table.toString();
}

export function printTable(...table: Parameters<typeof renderTable>): void {
  process.stdout.write(`${renderTable(...table)}\n`);
}
