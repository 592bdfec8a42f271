import { type Issue, pathTo } from '../../core/issues.ts';
import { isRecord } from '../../core/json.ts';

/** The names that Genesys Cloud uses (docs/guides.md#configuration-fields). */
export const DAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;

/** Hours and minutes of one day: 00:00 to 23:59. */
export const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

/** Of one configuration. Our own limit. */
export const MAX_RULES = 100;

/**
 * The hours of one day of the week in which agents answer (docs/guides.md#configuration-fields).
 */
export interface AvailabilityRule {
  readonly dayOfWeek: (typeof DAYS)[number];
  readonly startTime: string;
  readonly endTime: string;
  /** IANA name, such as Europe/Berlin. The time zone of the organization by default. */
  readonly timeZone?: string | undefined;
}

/** A rule of the right shape, and its path in the input. */
interface PlacedRule extends AvailabilityRule {
  readonly path: string;
}

/**
 * Every issue of a list of rules: a start that is not before its end, two rules that overlap on a
 * day, an unknown time zone. All rules have the same time zone, or no rule has one: clocks change
 * on different days, so that an overlap of rules in two zones depends on the date.
 *
 * @param rules as they came in. The contract reports another shape.
 * @param path that of the list in the input.
 */
export function availabilityIssues(rules: unknown, path: string): Issue[] {
  if (!Array.isArray(rules) || rules.length > MAX_RULES) return [];
  const placed = rules.flatMap((rule: unknown, index) =>
    isRule(rule) ? [{ ...rule, path: pathTo(path, index) }] : [],
  );
  const inOrder = placed.filter(({ startTime, endTime }) => startTime < endTime);
  return [
    ...placed.filter((rule) => !inOrder.includes(rule)).map(endIssue),
    ...overlapIssues(inOrder),
    ...zoneIssues(placed),
  ];
}

function isRule(value: unknown): value is AvailabilityRule {
  if (!isRecord(value)) return false;
  const { dayOfWeek, startTime, endTime, timeZone } = value;
  return (
    DAYS.some((day) => day === dayOfWeek) &&
    [startTime, endTime].every((time) => typeof time === 'string' && TIME.test(time)) &&
    (timeZone === undefined || typeof timeZone === 'string')
  );
}

function endIssue({ path }: PlacedRule): Issue {
  const message = 'expected a time after the start; the next day is another rule';
  return { path: pathTo(path, 'endTime'), message };
}

/** Compares each rule with the one that ends last among those that begin before it. */
function overlapIssues(rules: readonly PlacedRule[]): Issue[] {
  return DAYS.flatMap((day) => {
    const ofDay = rules.filter(({ dayOfWeek }) => dayOfWeek === day);
    let longest: PlacedRule | undefined;
    return ofDay.sort(byStart).flatMap((rule) => {
      const before = longest;
      if (!before || rule.endTime > before.endTime) longest = rule;
      if (!before || rule.startTime >= before.endTime) return [];
      const message = `expected rules of ${day} that do not overlap, got one that begins before the end of ${before.path}`;
      return [{ path: pathTo(rule.path, 'startTime'), message }];
    });
  });
}

/** Times have one length, so that their order is that of their texts. */
function byStart(a: PlacedRule, b: PlacedRule): number {
  if (a.startTime === b.startTime) return 0;
  return a.startTime < b.startTime ? -1 : 1;
}

function zoneIssues(rules: readonly PlacedRule[]): Issue[] {
  const [first] = rules;
  if (!first) return [];
  const names = new Map<string | undefined, string | undefined>([[undefined, undefined]]);
  for (const { timeZone } of rules) {
    if (timeZone !== undefined && !names.has(timeZone)) names.set(timeZone, canonicalZone(timeZone));
  }
  return rules.flatMap(({ path: rulePath, timeZone }) => {
    const path = pathTo(rulePath, 'timeZone');
    if (timeZone !== undefined && names.get(timeZone) === undefined) {
      return [{ path, message: 'expected the IANA name of a time zone, such as Europe/Berlin, got another' }];
    }
    if (names.get(timeZone) === names.get(first.timeZone)) return [];
    const message = `expected one time zone in all rules, or no time zone in any rule, got another than that of ${first.path}`;
    return [{ path, message }];
  });
}

/** The name of the zone as Intl writes it; undefined for an unknown name. An offset is no zone. */
function canonicalZone(name: string): string | undefined {
  if (!/^[a-z][\w+/-]{0,63}$/i.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
