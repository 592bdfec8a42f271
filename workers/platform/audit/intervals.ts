import { z } from 'zod';

/** The part of a window that the step reads now. `from` belongs to it, and `to` does not. */
export const interval = z.object({ from: z.string(), to: z.string() });

export type Interval = Readonly<z.output<typeof interval>>;

const DAY_MS = 24 * 3_600_000;

/**
 * The first interval of a period. A query may not have a longer one (docs/platform.md#audit).
 * @param maxDays longest interval of a query, days
 */
export function firstInterval({ from, to }: Interval, maxDays: number): Interval {
  const endMs = Math.min(Date.parse(to), Date.parse(from) + maxDays * DAY_MS);
  return { from, to: endMs === Date.parse(to) ? to : new Date(endMs).toISOString() };
}

/** The interval behind another one; undefined at the end of the period. */
export function nextInterval(
  { to }: Pick<Interval, 'to'>,
  done: Interval,
  maxDays: number,
): Interval | undefined {
  if (Date.parse(done.to) >= Date.parse(to)) return undefined;
  return firstInterval({ from: done.to, to }, maxDays);
}
