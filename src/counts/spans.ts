/** The time that one hash of counts covers. */
interface Span {
  /** Its letter in Redis. */
  readonly code: string;
  readonly ms: number;
  /** How long Redis keeps a hash, from its first count on, ms. */
  readonly keptMs: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Every count is in one hash of each span. */
export const SPANS = {
  slice: { code: 's', ms: 10_000, keptMs: 3 * MINUTE },
  minute: { code: 'm', ms: MINUTE, keptMs: 2 * HOUR },
  hour: { code: 'h', ms: HOUR, keptMs: 8 * 24 * HOUR },
} as const satisfies Record<string, Span>;

export type SpanName = keyof typeof SPANS;

/** Every other span begins and ends with a slice. */
export const SHORTEST: Span = SPANS.slice;

/** The hash of a span in which a moment is, as the key names it: `m29456789`. */
export function slotOf({ code, ms }: Span, atMs: number): string {
  return `${code}${Math.floor(atMs / ms)}`;
}

/** The Lua table of the spans. */
function spanTable(): string {
  const rows = Object.values(SPANS).map(({ code, ms, keptMs }) => `{ '${code}', ${ms}, ${keptMs} }`);
  return `local SPANS = { ${rows.join(', ')} }`;
}

/** What the script that accepts jobs needs in front of it, to count them. */
export const COUNT_ACCEPTED: readonly (URL | string)[] = [
  spanTable(),
  new URL('./count-accepted.lua', import.meta.url),
];
