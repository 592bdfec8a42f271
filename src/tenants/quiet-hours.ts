import { z } from 'zod';
import { listOf } from '../core/shapes.ts';
import { DAY_MS, isZone, momentsOf, offsetMs } from '../core/wall-clock.ts';
import { wanting } from '../jobs/fields.ts';

/** In the order of `Date.getUTCDay`. */
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

const WANTED_TIME = 'expected a time of the day from 00:00 to 23:59';
const time = z.string(wanting(WANTED_TIME)).regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, WANTED_TIME);

/** The hours in which a tenant sends its guests nothing. */
export const quietHours = z
  .strictObject({
    /** IANA name of the time zone: its clocks count, also when they change. */
    zone: z.string().refine(isZone, wanting('expected a time zone, such as Europe/Berlin')),
    /** A time such as `21:00`. */
    from: time,
    /** The end, on the next day if it is not later than `from`. */
    to: time,
    /** Days on which the quiet hours begin; every day by default. */
    days: listOf(z.enum(DAYS), { min: 1, max: DAYS.length }).optional(),
    /** Whether urgent jobs wait too. */
    urgent: z.enum(['wait', 'pass']).default('wait'),
  })
  .superRefine(({ from, to, days }, context) => {
    if (from !== to || new Set(days ?? DAYS).size < DAYS.length) return;
    const message = 'expected another time than from, or fewer days: nothing would ever be sent';
    context.addIssue({ code: 'custom', path: ['to'], message });
  });

export type QuietHours = z.output<typeof quietHours>;

/** The next quiet hours of a tenant, for flow control. */
export interface QuietTimes {
  /** What the tenants file says: other hours have another text. */
  readonly of: string;
  readonly urgentPass: boolean;
  /** Beginning and end of each, ms since the epoch, in order. */
  readonly times: readonly (readonly [fromMs: number, toMs: number])[];
}

/** Days for which flow control knows the quiet hours: workers may be away for so long. */
const DAYS_AHEAD = 7;

/**
 * The quiet hours that have not ended, up to a week ahead. Where clocks go back they begin at the first
 * `from` and end at the last `to`; where clocks skip one of the two, the moment of the change counts.
 */
export function quietTimes(hours: QuietHours | undefined, nowMs: number): QuietTimes | undefined {
  if (!hours) return undefined;
  const { zone, from, to, days, urgent } = hours;
  const today = startOfDay(nowMs + offsetMs(zone, nowMs));
  const times: [number, number][] = [];
  for (let day = today - DAY_MS; day <= today + DAYS_AHEAD * DAY_MS; day += DAY_MS) {
    if (days && !days.includes(nameOf(day))) continue;
    const fromMs = momentsOf(zone, day + msOf(from)).first;
    const toMs = momentsOf(zone, day + msOf(to) + (to > from ? 0 : DAY_MS)).last;
    const last = times.at(-1);
    if (last && fromMs <= last[1]) last[1] = Math.max(last[1], toMs);
    else if (fromMs < toMs) times.push([fromMs, toMs]);
  }
  const of = `${zone} ${from}-${to} ${days ? [...new Set(days)].sort().join(',') : 'daily'} ${urgent}`;
  return { of, urgentPass: urgent === 'pass', times: times.filter(([, toMs]) => toMs > nowMs) };
}

function startOfDay(wallMs: number): number {
  return Math.floor(wallMs / DAY_MS) * DAY_MS;
}

function nameOf(dayMs: number): (typeof DAYS)[number] {
  return DAYS[new Date(dayMs).getUTCDay()] ?? DAYS[0];
}

/** A time of the day as ms from its beginning. */
function msOf(timeOfDay: string): number {
  const [hours = 0, minutes = 0] = timeOfDay.split(':').map(Number);
  return (hours * 60 + minutes) * 60_000;
}
