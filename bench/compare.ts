import { resolve } from 'node:path';
import Table from 'cli-table3';
import { NoBenchmark, openCheckout, type RunFigure } from './checkout.ts';
import { median } from './statistics.ts';

export interface CompareOptions {
  /** The commit to compare with. */
  readonly ref: string;
  readonly names: readonly string[];
  readonly isQuick: boolean;
  readonly isJson: boolean;
  readonly lines: number | undefined;
  /** Runs of each checkout. */
  readonly rounds: number | undefined;
  readonly say: (what: string) => void;
}

/** One figure of both checkouts. Each number is the median of the runs. */
interface Row {
  readonly what: string;
  readonly unit: string;
  /** Ours at the commit. */
  readonly before: number;
  /** Ours in the working tree. */
  readonly now: number;
  readonly ratio: number;
  /** The same ratio of the reference. Far from 1, the machine was not quiet. */
  readonly referenceRatio: number;
}

/**
 * Runs benchmarks on a commit and on the working tree, in turn, and compares ours of both. Each
 * checkout runs its own source and its own benchmark.
 */
export async function compare(options: CompareOptions): Promise<void> {
  const { ref, names, isQuick, isJson, lines, say } = options;
  const rounds = options.rounds ?? (isQuick ? 1 : 5);
  // Ctrl-C stops the run under way, and the folder of the commit is removed.
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => stopping.abort());
  const { signal } = stopping;
  await using parts = new AsyncDisposableStack();
  const before = parts.use(await openCheckout({ ref }, { say, signal }));
  const now = parts.use(await openCheckout({ folder: resolve(import.meta.dirname, '..') }, { say, signal }));
  // A run has one round where both checkouts can do that. They take turns more often then.
  const hasRounds = before.hasRounds && now.hasRounds;
  const args = [
    ...(isQuick ? ['--quick'] : []),
    ...(lines === undefined ? [] : ['--lines', String(lines)]),
    ...(hasRounds ? ['--rounds', '1'] : []),
  ];
  for (const name of names) {
    const runs = { before: [] as RunFigure[][], now: [] as RunFigure[][] };
    try {
      for (let round = 1; round <= rounds; round++) {
        say(`${name}, round ${round} of ${rounds}: ${ref}`);
        runs.before.push(await before.run(name, args));
        say(`${name}, round ${round} of ${rounds}: the working tree`);
        runs.now.push(await now.run(name, args));
      }
    } catch (error) {
      if (!(error instanceof NoBenchmark)) throw error;
      console.error(`${ref} has no benchmark ${name}.`);
      continue;
    }
    const rows = rowsOf(runs.before, runs.now);
    console.log(isJson ? JSON.stringify({ name, ref, rounds, figures: rows }) : tableOf(name, ref, rows));
  }
}

/** The figures that both checkouts have. Those with the same ours and another reference count once. */
function rowsOf(before: readonly RunFigure[][], now: readonly RunFigure[][]): Row[] {
  const known = new Set<string>();
  return (now[0] ?? []).flatMap((figure) => {
    const { what, unit } = figure;
    const then = valuesOf(before, figure);
    if (known.has(`${what}, ${unit}`) || then.ours.length === 0) return [];
    known.add(`${what}, ${unit}`);
    const current = valuesOf(now, figure);
    const ours = { before: median(then.ours), now: median(current.ours) };
    const referenceRatio = median(current.references) / median(then.references);
    return [{ what, unit, ...ours, ratio: ours.now / ours.before, referenceRatio }];
  });
}

function valuesOf(runs: readonly RunFigure[][], { what, unit }: RunFigure) {
  const found = runs.flatMap((figures) => {
    const figure = figures.find((each) => each.what === what && each.unit === unit);
    return figure ? [figure] : [];
  });
  return {
    ours: found.map(({ ours }) => ours),
    references: found.map(({ reference }) => reference),
  };
}

function tableOf(name: string, ref: string, rows: readonly Row[]): string {
  const table = new Table({
    head: [name, ref, 'working tree', '', 'ratio', 'ratio of the references'],
    colAligns: ['left', 'right', 'right', 'left', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const { what, unit, before, now, ratio, referenceRatio } of rows) {
    const cells = [
      before.toPrecision(4),
      now.toPrecision(4),
      unit,
      ratio.toFixed(3),
      referenceRatio.toFixed(3),
    ];
    table.push([what, ...cells]);
  }
  return table.toString();
}
