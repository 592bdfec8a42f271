import { InvalidArgumentError } from 'commander';
import { formatDuration, parseDuration } from '../core/duration.ts';

/**
 * Readers of options and arguments. An error names the expected values. It never shows the given
 * value, which may be a secret.
 */

/** A whole number in plain digits: not `1e3`, not `0x10`, not `-1`. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

/** A duration; read as milliseconds. */
export function span(min: string, max: string): (text: string) => number {
  const [minMs = 0, maxMs = 0] = [parseDuration(min), parseDuration(max)];
  return (text) => {
    const ms = text.length <= 20 ? parseDuration(text) : undefined;
    if (ms !== undefined && ms >= minMs && ms <= maxMs) return ms;
    const bounds = `from ${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
    throw new InvalidArgumentError(`It must be a duration such as 90s, 10m or 2h, ${bounds}.`);
  };
}

/** A time needs its offset. A date alone means midnight in UTC, not in the time zone of the machine. */
const MOMENT = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;

/** A time. */
export function moment(text: string): Date {
  const [, day = ''] = MOMENT.exec(text) ?? [];
  const ms = day === '' ? Number.NaN : Date.parse(text);
  if (Number.isFinite(ms) && isDay(day)) return new Date(ms);
  throw new InvalidArgumentError(
    'It must be a time such as 2026-03-01T09:30:00Z, or a date such as 2026-03-01.',
  );
}

/** `Date.parse` reads 30 February as 2 March. */
function isDay(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** Words separated by commas. */
export function words(text: string): string[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.every((part) => part !== '')) return parts;
  throw new InvalidArgumentError('It must be a list of words with commas between them.');
}
