import type { Measured } from './figure.ts';
import type { Lab } from './lab.ts';

/** One benchmark: ours and the reference side by side, in turn, on one Redis. */
export interface Benchmark {
  readonly name: string;
  /** What it measures, in one sentence. */
  readonly summary: string;
  run(lab: Lab): Promise<Findings>;
}

export interface Findings {
  readonly figures: readonly Measured[];
  /** What else was seen and explains the figures. */
  readonly details: Readonly<Record<string, unknown>>;
}
