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

/** A line of facts, with the same gap between them. */
export function printableLine(facts: readonly string[]): string {
  return printable(facts.join('   '));
}

/** Renders a table without a frame, as lines: many rows fit on a screen. Numbers stand at the right. */
export function renderColumns(head: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const texts = rows.map((row) => row.map((cell) => printable(String(cell))));
  const widths = head.map((name, column) =>
    Math.max(name.length, ...texts.map((row) => row[column]?.length ?? 0)),
  );
  const isNumber = head.map((_, column) => rows.some((row) => typeof row[column] === 'number'));
  const lineOf = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        isNumber[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [head, ...texts].map(lineOf);
}

export function printTable(...table: Parameters<typeof renderTable>): void {
  process.stdout.write(`${renderTable(...table)}\n`);
}
