import Table, { type TableConstructorOptions } from 'cli-table3';
import { printable } from '../core/printable.ts';

/**
 * The output of all commands. Text from outside could control a terminal or imitate other output,
 * so this file escapes it. Results go to standard output, all other text to standard error.
 */

export function print(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}

/** One JSON value on a line. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value));
}

/** Prints text that is not a result: progress, errors, summaries. */
export function remark(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}

export type Cell = string | number;

/** Renders a table with one line per row. */
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
