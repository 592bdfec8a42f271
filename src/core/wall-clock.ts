/** What clocks show in a time zone. Zones have their IANA names, such as `Europe/Berlin`. */

export const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether this program knows the zone. An offset such as `+01:00` is none: its clocks never change. */
export function isZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** By how much the clocks of a zone are ahead of UTC at a moment, ms. @throws {RangeError} for an unknown zone. */
export function offsetMs(zone: string, atMs: number): number {
  const parts = formatOf(zone).formatToParts(atMs);
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = FIELDS.map((field) =>
    Number(parts.find(({ type }) => type === field)?.value),
  );
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(atMs / 1000) * 1000;
}

/**
 * The first and the last moment at which the clocks of a zone show a time. They differ when the clocks go
 * back over that time. When the clocks go forward over it, both are the moment at which they do.
 *
 * @param wallMs the time and its day, as ms since the epoch in UTC.
 */
export function momentsOf(zone: string, wallMs: number): { first: number; last: number } {
  const offsets = [offsetMs(zone, wallMs - DAY_MS), offsetMs(zone, wallMs + DAY_MS)];
  const earliest = wallMs - Math.max(...offsets);
  const latest = wallMs - Math.min(...offsets);
  const [first, last = first] = [earliest, latest].filter((at) => at + offsetMs(zone, at) === wallMs);
  if (first !== undefined && last !== undefined) return { first, last };
  const at = changeBetween(zone, earliest, latest);
  return { first: at, last: at };
}

/** The moment at which the clocks of a zone change; they do so once between the two. */
function changeBetween(zone: string, beforeMs: number, afterMs: number): number {
  const offset = offsetMs(zone, beforeMs);
  let [before, after] = [beforeMs, afterMs];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetMs(zone, middle) === offset) before = middle;
    else after = middle;
  }
  return after;
}

const FIELDS = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;

/** Making a format takes as long as a hundred uses of it. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const numeric = Object.fromEntries(FIELDS.map((field) => [field, 'numeric']));
  const format = new Intl.DateTimeFormat('en-US', { ...numeric, timeZone: zone, hourCycle: 'h23' });
  formats.set(zone, format);
  return format;
}
