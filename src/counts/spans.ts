/** The time that one hash of counts covers. */
interface Span {
  /** Its letter in Redis. */
  readonly code: string;
  readonly ms: number;
  /** How long Redis keeps a hash, from its first count on, ms. */
  readonly keptMs: number;
  /** Whether a partition has hashes of all its tenants together, too. */
  readonly hasTotals: boolean;
  /** How long a partition knows which tenants and kinds have a hash, ms; 0: it does not. */
  readonly listedMs: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Every count is in one hash of each span. */
export const SPANS = {
  slice: { code: 's', ms: 10_000, keptMs: 3 * MINUTE, hasTotals: false, listedMs: 0 },
  minute: { code: 'm', ms: MINUTE, keptMs: 2 * HOUR, hasTotals: true, listedMs: 0 },
  quarter: { code: 'q', ms: 15 * MINUTE, keptMs: 25 * HOUR, hasTotals: true, listedMs: 2 * HOUR },
  hour: { code: 'h', ms: HOUR, keptMs: 8 * 24 * HOUR, hasTotals: true, listedMs: 0 },
} as const satisfies Record<string, Span>;

export type SpanName = keyof typeof SPANS;

/** Every other span begins and ends with a slice. */
export const SHORTEST: Span = SPANS.slice;

/** A stretch of time that is read as hashes of one span: so long, and up to now. */
export interface Range {
  readonly span: SpanName;
  readonly ms: number;
}

/** The hash of a span in which a moment is, as the key names it: `m29456789`. */
export function slotOf({ code, ms }: Span, atMs: number): string {
  return `${code}${Math.floor(atMs / ms)}`;
}

/** When a range begins: with a span. So it is longer than its `ms`, by at most one span. */
export function startOf({ span, ms }: Range, toMs: number): number {
  return Math.floor((toMs - ms) / SPANS[span].ms) * SPANS[span].ms;
}

/** The hashes of a range, the oldest first. */
export function slotsOf(range: Range, toMs: number): string[] {
  return slotsBetween(range.span, startOf(range, toMs), toMs);
}

/** The hashes from one moment to another, both included, the oldest first. */
export function slotsBetween(name: SpanName, fromMs: number, toMs: number): string[] {
  const span = SPANS[name];
  const first = Math.floor(fromMs / span.ms);
  const count = Math.floor(toMs / span.ms) - first + 1;
  return Array.from({ length: count }, (_, index) => slotOf(span, (first + index) * span.ms));
}

/** The Lua table of the spans. */
function spanTable(): string {
  const rows = Object.values(SPANS).map(
    ({ code, ms, keptMs, hasTotals, listedMs }) =>
      `{ '${code}', ${ms}, ${keptMs}, ${hasTotals}, ${listedMs} }`,
  );
  return `local SPANS = { ${rows.join(', ')} }`;
}

/** What the script that accepts jobs needs in front of it, to count them. */
export const COUNT_ACCEPTED: readonly (URL | string)[] = [
  spanTable(),
  new URL('./count-accepted.lua', import.meta.url),
];
