import type { Measured } from './figure.ts';
import type { Lab } from './lab.ts';

/** One benchmark. It measures ours and the reference in turn, on one Redis. */
export interface Benchmark {
  readonly name: string;
  /** The work, in one sentence. */
  readonly summary: string;
  run(lab: Lab): Promise<Findings>;
}

export interface Findings {
  readonly figures: readonly Measured[];
  /** Further values that explain the figures. */
  readonly details: Readonly<Record<string, unknown>>;
}
