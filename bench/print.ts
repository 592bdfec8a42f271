import Table from 'cli-table3';
import { describeTarget, type Figure } from './figure.ts';

/** The result of one benchmark. */
export interface Result {
  readonly name: string;
  readonly headline: Figure;
  readonly figures: readonly Figure[];
  readonly details: Readonly<Record<string, unknown>>;
  /** The duration of the benchmark. */
  readonly seconds: number;
}

/** One line: the fields of the headline first, then all figures and details. */
export function renderJson({ name, headline, figures, details, seconds }: Result): string {
  const { what, ours, reference, ratio, unit, target, reached } = headline;
  return JSON.stringify({
    ...{ name, what, ours, reference, ratio, unit, target, reached, seconds },
    figures: figures.length > 1 ? figures : undefined,
    ...details,
  });
}

export function renderTable({ figures, details }: Result): string {
  const table = new Table({
    head: ['', 'ours', 'reference', '', 'ratio', 'to reach', ''],
    colAligns: ['left', 'right', 'right', 'left', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const figure of figures) {
    table.push([
      figure.what,
      round(figure.ours),
      round(figure.reference),
      `${figure.unit}, ${figure.against}`,
      figure.ratio.toFixed(3),
      figure.target ? describeTarget(figure.target) : '',
      figure.reached === null ? '' : figure.reached ? 'reached' : 'missed',
    ]);
  }
  const lines = Object.entries(details).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`);
  return [table.toString(), ...lines].join('\n');
}

/** Three significant digits. */
function round(value: number): string {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}
