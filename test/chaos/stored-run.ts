import { readFileSync, writeFileSync } from 'node:fs';
import type { Row } from './judge.ts';
import type { SoakReport } from './soak-report.ts';

/** The last run of each row. docs/reliability.md shows it. */
export interface StoredRun {
  /** The machine and the versions, in one line. */
  readonly machine: string;
  readonly rows: readonly StoredRow[];
  readonly soak?: StoredSoak;
}

export interface StoredRow extends Row {
  readonly group: number;
  readonly what: string;
  /** Codes of dead letters that the fault may cause. */
  readonly mayFailWith: readonly string[];
  /** The day of its run, such as `2026-11-30`. */
  readonly day: string;
  readonly seconds: number;
  readonly seed: number;
}

export interface StoredSoak extends SoakReport {
  readonly day: string;
}

const FILE = new URL('./run.json', import.meta.url);

export function readRun(): StoredRun {
  return JSON.parse(readFileSync(FILE, 'utf8')) as StoredRun;
}

/** Replaces the rows of the same names, and keeps the others. */
export function storeRow(row: StoredRow, machine: string): void {
  const run = readRun();
  const others = run.rows.filter(({ name }) => name !== row.name);
  const rows = [...others, row].toSorted((a, b) => a.group - b.group || a.name.localeCompare(b.name));
  write({ ...run, machine, rows });
}

export function storeSoak(soak: StoredSoak, machine: string): void {
  write({ ...readRun(), machine, soak });
}

/** The day of a moment in UTC. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

function write(run: StoredRun): void {
  writeFileSync(FILE, `${JSON.stringify(run, null, 2)}\n`);
}
