const NUMBERS = new Intl.NumberFormat('en');
const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** What stands in the place of a value that is not there. */
export const NO_VALUE = '–';

export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? NO_VALUE : NUMBERS.format(value);
}

/** Such as `12.4K`, where little room is. */
export function shortCount(value: number | null | undefined): string {
  return value === null || value === undefined ? NO_VALUE : SHORT.format(value);
}

export function percent(value: number | null | undefined): string {
  if (value === null || value === undefined) return NO_VALUE;
  // 99.96 % is not all of it.
  const text = value === 100 ? '100' : (Math.floor(value * 10) / 10).toFixed(1);
  return `${text} %`;
}

export function milliseconds(value: number | null | undefined): string {
  if (value === null || value === undefined) return NO_VALUE;
  if (value < 1000) return `${Math.round(value)} ms`;
  return value < 60_000 ? `${(value / 1000).toFixed(1)} s` : seconds(value / 1000);
}

/** The two largest units, such as `2 h 5 min`. */
export function seconds(value: number | null | undefined): string {
  if (value === null || value === undefined) return NO_VALUE;
  const whole = Math.max(0, Math.round(value));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return withRest(minutes, 'min', whole % 60, 's');
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return withRest(hours, 'h', minutes % 60, 'min');
  return withRest(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function withRest(value: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${value} ${unit}` : `${value} ${unit} ${rest} ${restUnit}`;
}

/** A time of the clock of this browser; with its day unless that is today. */
export function moment(iso: string, now = new Date()): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  if (time.toDateString() === now.toDateString()) return clock;
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${clock}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** A word of the API as people write it: `dead-letter` is `dead letter`. */
export function words(word: string): string {
  return word.replaceAll('-', ' ');
}
