/** The target for the ratio of ours to the reference. */
export type Target = { readonly atLeast: number } | { readonly atMost: number };

/** Two numbers from one run. */
export interface Measured {
  /** The measured quantity, in a few words. */
  readonly what: string;
  readonly ours: number;
  readonly reference: number;
  /** The reference, in a few words. */
  readonly against: string;
  readonly unit: string;
  /** Absent: the figure is for information. */
  readonly target?: Target;
}

/** A measurement with its ratio. */
export interface Figure extends Measured {
  readonly ratio: number;
  /** Null without a target. */
  readonly reached: boolean | null;
}

export function figureOf(measured: Measured): Figure {
  const ratio = measured.ours / measured.reference;
  return { ...measured, ratio, reached: measured.target ? isReached(measured.target, ratio) : null };
}

/**
 * The main figure of a benchmark: the one that is farthest behind its target. Without a target it is
 * the first one.
 */
export function headlineOf(figures: readonly Figure[]): Figure {
  const [first, ...rest] = figures;
  if (!first) throw new TypeError('a benchmark needs a figure');
  return rest.reduce((worst, figure) => (shareReached(figure) < shareReached(worst) ? figure : worst), first);
}

/** A target in the words of the table: `≥ 0.9`. */
export function describeTarget(target: Target): string {
  return 'atLeast' in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`;
}

function isReached(target: Target, ratio: number): boolean {
  return 'atLeast' in target ? ratio >= target.atLeast : ratio <= target.atMost;
}

/** It is 1 at the target, and less behind it. */
function shareReached({ target, ratio }: Figure): number {
  if (!target) return Number.POSITIVE_INFINITY;
  return 'atLeast' in target ? ratio / target.atLeast : target.atMost / ratio;
}
