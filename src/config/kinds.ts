import { isIP } from 'node:net';
import { z } from 'zod';
import { formatDuration, parseDuration } from '../core/duration.ts';
import { messageOf } from '../core/errors.ts';
import { parseRedisUrl } from './redis-url.ts';

/**
 * The kinds of value that a setting can have. Each is a zod schema that reads the text of the
 * environment. It fails with one sentence that says what is wanted.
 */
export function kind<T>(wanted: string, read: (text: string) => T | undefined): z.ZodType<T, string> {
  return z.string().transform((text, context) => {
    const value = read(text.trim());
    if (value !== undefined) return value;
    context.addIssue(issueAbout(wanted));
    return z.NEVER;
  });
}

/**
 * What is wrong with the text of a setting.
 * @param got what came, without a secret; by default the loader shows or hides the text.
 */
export function issueAbout(wanted: string, got?: string) {
  return { code: 'custom', message: `wanted ${wanted}`, params: { got } } as const;
}

/** A whole number within bounds, both included. */
export function integer(min: number, max: number): z.ZodType<number, string> {
  return kind(`a whole number from ${min} to ${max}`, (text) => {
    if (!/^\d+$/.test(text)) return undefined;
    return within(Number(text), min, max);
  });
}

/** A duration within bounds, both included; read as milliseconds. */
export function duration(min: string, max: string): z.ZodType<number, string> {
  const [minMs = 0, maxMs = 0] = [parseDuration(min), parseDuration(max)];
  const wanted = `a duration such as 500ms, 15s, 5m or 7d, from ${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
  return kind(wanted, (text) => within(parseDuration(text), minMs, maxMs));
}

const MAX_WAITS = 20;
const MAX_WAIT_MS = 7 * 86_400_000;

/** Durations separated by commas; read as milliseconds. */
export function durations(): z.ZodType<readonly number[], string> {
  return kind('at most 20 durations separated by commas, such as 5s,5m,2h, each up to 7d', (text) => {
    const parsed = text.split(',').map((part) => within(parseDuration(part), 0, MAX_WAIT_MS));
    return parsed.length <= MAX_WAITS && parsed.every((ms) => ms !== undefined) ? parsed : undefined;
  });
}

/** One word of a list. */
export function choice<const T extends string>(...words: readonly T[]): z.ZodType<T, string> {
  return kind(`one of ${words.join(', ')}`, (text) => words.find((word) => word === text));
}

/** A Redis address. */
export function redisUrl(): z.ZodType<string, string> {
  return z.string().transform((text, context) => {
    try {
      parseRedisUrl(text.trim());
      return text.trim();
    } catch (error) {
      context.addIssue({ code: 'custom', message: messageOf(error) });
      return z.NEVER;
    }
  });
}

/** The address of an HTTP proxy. An address without a scheme means plain HTTP. */
export function proxyUrl(): z.ZodType<string, string> {
  return kind('an address such as http://user:password@host:3128 (https:// for TLS to the proxy)', (text) => {
    const address = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`;
    const url = URL.parse(address);
    return url?.hostname && /^https?:$/.test(url.protocol) && isDecodable(url) ? address : undefined;
  });
}

function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}

/** The database of audit records. */
export function auditDatabaseUrl(): z.ZodType<string, string> {
  return kind('sqlite:PATH, or an address such as postgres://user:password@host:5432/name', (text) => {
    if (/^sqlite:[^:]/.test(text)) return text;
    const url = URL.parse(text);
    return url?.hostname && /^postgres(ql)?:$/.test(url.protocol) ? text : undefined;
  });
}

/** A path in front of the server's own paths, without a slash at its end; `/` means no path. */
export function basePath(): z.ZodType<string, string> {
  const wanted =
    'a path such as /ops/queues, of letters, digits, "_", "~", "-" and ".", which does not begin with a path of gwm serve';
  return kind(wanted, (text) => {
    const path = text === '/' ? '/' : text.replace(/\/$/, '');
    const isPath = path === '/' || /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+$/.test(path);
    return isPath && path.length <= 200 && !/^\/(board|v1|healthz|readyz)(\/|$)/.test(path)
      ? path
      : undefined;
  });
}

/** Networks separated by commas; `-` stands for an empty list. */
export function networks(): z.ZodType<readonly string[], string> {
  return kind('IP addresses or networks separated by commas, such as 10.0.0.0/8,::1, or -', (text) => {
    const parts = text === '-' ? [] : text.split(',').map((part) => part.trim());
    return parts.every(isNetwork) ? parts : undefined;
  });
}

function isNetwork(text: string): boolean {
  const [, address = '', bits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = isIP(address);
  return family !== 0 && Number(bits ?? 0) <= (family === 6 ? 128 : 32);
}

/** The address of a collector of OpenTelemetry. Its exporter sends neither a login nor a query. */
export function collectorUrl(): z.ZodType<string, string> {
  return kind('an address such as http://127.0.0.1:4318, without a login and a query', (text) => {
    const url = URL.parse(text);
    if (!url?.hostname || !/^https?:$/.test(url.protocol)) return undefined;
    return url.username || url.password || url.search || url.hash ? undefined : text;
  });
}

/** Names and values, separated by commas, as OpenTelemetry writes them. */
export function pairs(): z.ZodType<Readonly<Record<string, string>>, string> {
  const wanted = 'pairs such as name=value, separated by commas, with %2C for a comma in a value';
  return kind(wanted, (text) => {
    const parts = text.split(',').map((pair) => /^\s*([\w.-]{1,200})\s*=(.*)$/.exec(pair));
    const read = parts.map((found) => found && [found[1] ?? '', decodedOf(found[2] ?? '')]);
    return read.every((pair) => pair?.[1] !== undefined)
      ? Object.fromEntries(read as [string, string][])
      : undefined;
  });
}

/** Undefined for a text with wrong percent-encoding, and for one that no header can have. */
function decodedOf(text: string): string | undefined {
  try {
    const value = decodeURIComponent(text.trim());
    return /^[\x20-\x7e]{0,2000}$/.test(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A part of a whole, from 0 to 1. */
export function part(): z.ZodType<number, string> {
  return kind('a number from 0 to 1, such as 0.1', (text) =>
    /^\d*\.?\d+$/.test(text) ? within(Number(text), 0, 1) : undefined,
  );
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

/** Yes or no. */
export function flag(): z.ZodType<boolean, string> {
  return kind('true or false', (text) => FLAGS.get(text.toLowerCase()));
}

/** A password, used as it is, white space included. */
export function password(minLength: number): z.ZodType<string, string> {
  return z.string().min(minLength, { error: `wanted at least ${minLength} characters` });
}

/** A text that matches a pattern. */
export function text(wanted: string, pattern: RegExp): z.ZodType<string, string> {
  return kind(wanted, (value) => (pattern.test(value) ? value : undefined));
}

function within(value: number | undefined, min: number, max: number): number | undefined {
  return value !== undefined && value >= min && value <= max ? value : undefined;
}
