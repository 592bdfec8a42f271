import Table from 'cli-table3';
import type { Row } from './judge.ts';

/** The row as one line of a table, with its failures below. */
export function renderRow(row: Row): string {
  const { name, load, failures, ...counts } = row;
  const table = new Table({ style: { head: [], border: [], compact: true } });
  table.push({ row: name }, { load }, ...Object.entries(counts).map(([key, value]) => ({ [key]: value })));
  const verdict =
    failures.length === 0 ? 'passed' : failures.map((failure) => `FAILED: ${failure}`).join('\n');
  return `${table.toString()}\n${verdict}`;
}
