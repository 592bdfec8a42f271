import { CATALOG } from '../jobs/catalog.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { redisTimeMs } from '../redis/redis-time.ts';
import { type Fields, merged } from './fields.ts';
import { SPANS, type SpanName, slotOf } from './spans.ts';
import { type Summary, summaryOf } from './summary.ts';

/** What a tenant's jobs did in the last minute, hour and day. */
export type Windows = Readonly<Record<WindowName, Window>>;

/** It begins with a span of time and ends now. So it is longer than its name, by at most one span. */
export interface Window extends Summary {
  readonly from: string;
  readonly to: string;
}

/** The spans that a window consists of. */
const WINDOWS = {
  minute: { span: 'slice', ms: 60_000 },
  hour: { span: 'minute', ms: 3_600_000 },
  day: { span: 'hour', ms: 86_400_000 },
} as const satisfies Record<string, { readonly span: SpanName; readonly ms: number }>;

export type WindowName = keyof typeof WINDOWS;

export const WINDOW_NAMES = Object.keys(WINDOWS) as WindowName[];

export interface WindowReader {
  /**
   * Reads the clock and two pipelines: 25 hashes of hours for each kind, then 61 of minutes and 7 of
   * slices for each kind with counts in the last two hours.
   */
  of(tenantId: string): Promise<Windows>;
}

export interface WindowReaderOptions {
  readonly client: RedisClient;
  readonly keys: Keys;
  /** Tests hold the time still; without it the clock of Redis counts. */
  readonly now?: () => number;
}

const KIND_CODES = Object.values(CATALOG).flatMap(({ kindCode }) => (kindCode === null ? [] : [kindCode]));

export function createWindowReader({ client, keys, now }: WindowReaderOptions): WindowReader {
  /** The hashes that exist, by key. While a tenant moves, another partition may have a part of them. */
  async function read(tenantId: string, namesOf: () => readonly string[]): Promise<Map<string, Fields>> {
    const found = new Map<string, Fields>();
    const names = namesOf();
    for (const partition of keys.layout.placesOf(tenantId)) {
      const parts = await readKeys(keys.within(partition, namesOf));
      for (const [index, fields] of parts) {
        const name = names[index] ?? '';
        found.set(name, merged([fields, ...(found.has(name) ? [found.get(name) as Fields] : [])]));
      }
    }
    return found;
  }

  async function readKeys(names: readonly string[]): Promise<Map<number, Fields>> {
    const pipeline = client.pipeline();
    for (const name of names) pipeline.hgetall(name);
    const replies = (await pipeline.exec()) ?? [];
    const found = new Map<number, Fields>();
    for (const [index, [error, reply]] of replies.entries()) {
      if (error) throw error;
      const fields = numbersIn(reply as Record<string, string>);
      if (fields.size > 0) found.set(index, fields);
    }
    return found;
  }

  return {
    async of(tenantId) {
      const toMs = now ? now() : await redisTimeMs(client);
      const keysOf = (window: WindowName, kindCode: string) =>
        slotsOf(window, toMs).map((slot) => keys.counts(tenantId, kindCode, slot));
      const all = (windows: WindowName[], kinds: readonly string[]) =>
        windows.flatMap((window) => kinds.flatMap((kindCode) => keysOf(window, kindCode)));

      const hours = await read(tenantId, () => all(['day'], KIND_CODES));
      const recent = slotsBetween('hour', startOf('hour', toMs), toMs);
      const active = KIND_CODES.filter((kindCode) =>
        recent.some((slot) => hours.has(keys.counts(tenantId, kindCode, slot))),
      );
      const found = new Map([...hours, ...(await read(tenantId, () => all(['hour', 'minute'], active)))]);

      const windows = WINDOW_NAMES.map((window) => {
        const fields = all([window], KIND_CODES).flatMap((key) => found.get(key) ?? []);
        return [window, { ...timesOf(window, toMs), ...summaryOf(merged(fields)) }];
      });
      return Object.fromEntries(windows) as Windows;
    },
  };
}

/** When a window begins: with a span. */
function startOf(window: WindowName, toMs: number): number {
  const { span, ms } = WINDOWS[window];
  return Math.floor((toMs - ms) / SPANS[span].ms) * SPANS[span].ms;
}

function slotsOf(window: WindowName, toMs: number): string[] {
  return slotsBetween(WINDOWS[window].span, startOf(window, toMs), toMs);
}

function slotsBetween(name: SpanName, fromMs: number, toMs: number): string[] {
  const span = SPANS[name];
  const first = Math.floor(fromMs / span.ms);
  const count = Math.floor(toMs / span.ms) - first + 1;
  return Array.from({ length: count }, (_, index) => slotOf(span, (first + index) * span.ms));
}

function timesOf(window: WindowName, toMs: number) {
  return { from: new Date(startOf(window, toMs)).toISOString(), to: new Date(toMs).toISOString() };
}

/** A value that another program wrote, and that is no number, counts nothing. */
function numbersIn(hash: Readonly<Record<string, string>>): Fields {
  return new Map(Object.entries(hash).map(([field, count]) => [field, Number(count) || 0]));
}
