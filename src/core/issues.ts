import type { z } from 'zod';

/** One issue of an input: its path, what was expected there, and what came. */
export interface Issue {
  /** Path in the input, such as `attachments[0].url`; empty for the input as a whole. */
  readonly path: string;
  readonly message: string;
  /**
   * The tenant cannot send the job as it is, whatever the values of its fields: its dialect or its
   * route has no place for the field. Without a code the job itself is wrong.
   */
  readonly code?: 'CAPABILITY_UNAVAILABLE';
}

/**
 * All issues of a failed parse, in the order of the fields of the input. With `reportInput: true`
 * they say what came. An issue gives the length of a text and never the text: it may be a message
 * of a customer, or a secret.
 */
export function issuesOf(error: z.ZodError): Issue[] {
  return error.issues.map((issue) => ({ path: pathOf(issue.path), message: messageOf(issue) }));
}

/**
 * The code of a job with issues. CAPABILITY_UNAVAILABLE: the job is right, and only its tenant cannot
 * send it. @param issues at least one.
 */
export function rejectionCode(issues: readonly Issue[]): 'JOB_INVALID' | 'CAPABILITY_UNAVAILABLE' {
  const isRight = issues.every(({ code }) => code === 'CAPABILITY_UNAVAILABLE');
  return isRight ? 'CAPABILITY_UNAVAILABLE' : 'JOB_INVALID';
}

/** One line: `body.content: expected string, received undefined`. */
export function describeIssue(issue: Issue): string {
  return issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`;
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(pathTo, '');
}

/** Names that a path has without quotes. Nearly all fit the first expression, which is quicker. */
const PLAIN_NAMES = [/^[a-zA-Z_][\w-]{0,63}$/, /^(?!.{0,64}\p{DI})[\p{L}_][\p{L}\p{N}_-]{0,63}$/u];

/** Names that are shown in quotes, such as that of a feature flag. */
const DOTTED_NAME = /^(?:[a-zA-Z_][\w.:-]{0,63})?$/;

/** What stands for another name. */
const LENGTH_OF_NAME = /^\(a name of \d+ characters\)$/;

/** A longer run of digits may be a number of a person: a phone, a card or an account. */
const LONG_NUMBER = /\p{N}{9}/u;

/**
 * The path with one more step: `pathTo('attachments', 0)` is `attachments[0]`. Callers choose names
 * of fields as well. A name that is not plain is quoted, as in `flags["a.b"]`, or its length stands for it.
 */
export function pathTo(path: string, step: PropertyKey): string {
  if (typeof step === 'number') return `${path}[${step}]`;
  const name = String(step);
  if (!isPlain(name)) return `${path}["${shownName(name)}"]`;
  return path === '' ? name : `${path}.${name}`;
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `unknown field ${listed(issue.keys)}`;
  const message = issue.message.replace(/^(Invalid input|Invalid option|Too big|Too small): /, '');
  // The first says what came by itself; a custom message, or that of a union, was written with its
  // input at hand.
  if (issue.code === 'invalid_type') return message.replace('received undefined', 'but it is missing');
  if (issue.code === 'custom' || issue.code === 'invalid_union' || issue.input === undefined) return message;
  return `${message}, got ${preview(issue.input)}`;
}

/** The kind and the size of a value, never a text or a number itself. */
export function preview(input: unknown): string {
  if (typeof input === 'string') return `a text of ${input.length} characters`;
  if (typeof input === 'number') return Number.isFinite(input) ? 'a number' : String(input);
  if (typeof input === 'boolean' || input === null) return String(input);
  if (Array.isArray(input)) return `a list of ${input.length}`;
  return typeof input === 'object' ? 'an object' : typeof input;
}

const MAX_ISSUES = 50;
const MAX_MESSAGE = 600;
const MAX_PATH = 200;

/** The first issues of a flood, each with a bounded number of characters. */
export function firstIssues(issues: readonly Issue[]): Issue[] {
  const first = issues.slice(0, MAX_ISSUES).map(({ path, message, ...code }) => ({
    ...code,
    path: cut(path, MAX_PATH),
    message: cut(message, MAX_MESSAGE),
  }));
  if (issues.length <= MAX_ISSUES) return first;
  return [...first, { path: '', message: `and ${issues.length - MAX_ISSUES} more issues` }];
}

/** Cuts outside quotes: behind an open quote, our words would look like quoted ones. */
function cut(text: string, characters: number): string {
  if (text.length <= characters) return text;
  const [closed = ''] = /^(?:[^"]|"(?:[^"\\]|\\.)*")*/s.exec(text.slice(0, characters)) ?? [];
  return `${closed}…`;
}

const LISTED_FIELDS = 10;

function listed(keys: readonly string[]): string {
  const shown = keys.slice(0, LISTED_FIELDS).map(quotedKey).join(', ');
  return keys.length > LISTED_FIELDS ? `${shown} and ${keys.length - LISTED_FIELDS} more` : shown;
}

/**
 * The name of a field for a sentence. It comes from outside as well: only a name of the form of one is
 * quoted. Any other may be a text of a customer that stands in a wrong place.
 */
export function quotedKey(name: string): string {
  const shown = shownName(name);
  return shown === name ? `"${name}"` : shown;
}

/** The name itself, or its length. */
export function shownName(name: string): string {
  const hasForm = isPlain(name) || (DOTTED_NAME.test(name) && !LONG_NUMBER.test(name));
  return hasForm || LENGTH_OF_NAME.test(name) ? name : `(a name of ${name.length} characters)`;
}

function isPlain(name: string): boolean {
  return PLAIN_NAMES.some((pattern) => pattern.test(name)) && !LONG_NUMBER.test(name);
}
