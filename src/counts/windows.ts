import type { JobKind } from '../jobs/catalog.ts';
import { redisTimeMs } from '../redis/redis-time.ts';
import { type Fields, merged } from './fields.ts';
import { COUNTED_KINDS, KIND_CODES } from './kinds.ts';
import { type CountsSource, readTable, type Table } from './read-counts.ts';
import { type Range, slotsBetween, slotsOf, startOf } from './spans.ts';
import { type Summary, summaryOf } from './summary.ts';

/** What jobs did in the last minute, hour and day. */
export type Windows = Readonly<Record<WindowName, Window>>;

/** It begins with a span of time and ends now. So it is longer than its name, by at most one span. */
export interface Window extends Summary {
  readonly from: string;
  readonly to: string;
}

/** The windows of the jobs of one kind. */
export interface KindWindows {
  readonly kind: JobKind;
  readonly windows: Windows;
}

export interface TenantWindows {
  /** Of all kinds together. */
  readonly all: Windows;
  /** Of each kind with counts in the last day. */
  readonly kinds: readonly KindWindows[];
}

/** The spans that a window consists of. */
const WINDOWS = {
  minute: { span: 'slice', ms: 60_000 },
  hour: { span: 'minute', ms: 3_600_000 },
  day: { span: 'hour', ms: 86_400_000 },
} as const satisfies Record<string, Range>;

export type WindowName = keyof typeof WINDOWS;

export const WINDOW_NAMES = Object.keys(WINDOWS) as WindowName[];

export interface WindowReader {
  /**
   * Reads the clock and 25 hashes of hours for each kind, then 61 of minutes and 7 of slices for each kind
   * with counts in the last two hours.
   */
  of(tenantId: string): Promise<TenantWindows>;
}

export interface WindowReaderOptions extends CountsSource {
  /** Tests hold the time still; without it the clock of Redis counts. */
  readonly now?: () => number;
}

export function createWindowReader({ client, keys, now }: WindowReaderOptions): WindowReader {
  return {
    async of(tenantId) {
      const toMs = now ? now() : await redisTimeMs(client);
      const read = (window: WindowName, kindCodes: readonly string[]) =>
        readTable({ client, keys }, tenantId, kindCodes, slotsOf(WINDOWS[window], toMs));

      const day = await read('day', KIND_CODES);
      const active = KIND_CODES.filter((kindCode) => isActive(day.get(kindCode) ?? [], toMs));
      const [hour, minute] = await Promise.all([read('hour', active), read('minute', active)]);
      const tables = { minute, hour, day };

      const kinds = COUNTED_KINDS.filter(({ kindCode }) => day.get(kindCode)?.some(({ size }) => size > 0));
      return {
        all: windowsOf(tables, KIND_CODES, toMs),
        kinds: kinds.map(({ kind, kindCode }) => ({ kind, windows: windowsOf(tables, [kindCode], toMs) })),
      };
    },
  };
}

/** Windows of the same times in which nothing was counted. */
export function windowsWithoutCounts(windows: Windows): Windows {
  const empty = WINDOW_NAMES.map((name) => {
    const { from, to } = windows[name];
    return [name, { from, to, ...summaryOf(new Map()) }];
  });
  return Object.fromEntries(empty) as Windows;
}

/** Whether a kind has counts in an hour that the window of an hour touches. */
function isActive(hours: readonly Fields[], toMs: number): boolean {
  const touched = slotsBetween('hour', startOf(WINDOWS.hour, toMs), toMs).length;
  return hours.slice(-touched).some(({ size }) => size > 0);
}

function windowsOf(
  tables: Readonly<Record<WindowName, Table>>,
  kindCodes: readonly string[],
  toMs: number,
): Windows {
  const windows = WINDOW_NAMES.map((name) => {
    const fields = kindCodes.flatMap((kindCode) => tables[name].get(kindCode) ?? []);
    return [name, { ...timesOf(WINDOWS[name], toMs), ...summaryOf(merged(fields)) }];
  });
  return Object.fromEntries(windows) as Windows;
}

function timesOf(range: Range, toMs: number) {
  return { from: new Date(startOf(range, toMs)).toISOString(), to: new Date(toMs).toISOString() };
}
