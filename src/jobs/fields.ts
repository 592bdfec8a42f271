import { z } from 'zod';
import { seen } from '../content/fields/declarations.ts';
import { linkIssue, SECURE_SCHEMES, spellingIssue, WEB_SCHEMES } from '../content/text/link.ts';
import { type Issue, pathTo, preview } from '../core/issues.ts';
import { listOf } from '../core/shapes.ts';

/** Fields that several kinds of job share. */

/**
 * An id given by the caller or by Genesys Cloud: printable, without white space, at most 200
 * characters.
 */
export const id = seen.checkedByKind(
  'identifier',
  z
    .string()
    .regex(
      /^(?!\.{1,2}$)[^\s\p{C}]{1,200}$/u,
      'expected 1 to 200 characters without white space and control characters',
    ),
);

export const TENANT_ID = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}$/;
export const WANTED_TENANT_ID = 'expected letters, digits, "_", "." or "-", at most 64';

/** A tenant's name as in TENANTS_FILE. It becomes part of Redis keys and metric labels. */
export const tenantId = seen.checkedByKind('identifier', z.string().regex(TENANT_ID, WANTED_TENANT_ID));

/**
 * An http(s) address that a program calls: without user name and password, and without characters
 * that programs read differently.
 */
export const webUrl = seen.checkedByKind('link', address(WEB_SCHEMES, 'an http:// or https://'));

/** The same, shown to people: blocked patterns apply to it. */
export const shownUrl = seen.link(address(WEB_SCHEMES, 'an http:// or https://'), WEB_SCHEMES);

/** An https address of something that a page loads. */
export const secureUrl = seen.link(address(SECURE_SCHEMES, 'an https://'), SECURE_SCHEMES);

function address(schemes: readonly string[], wanted: string): z.ZodString {
  return z.string().refine((text) => linkIssue(text, schemes) === undefined, {
    error: ({ input }) =>
      spellingIssue(String(input)) ?? `expected ${wanted} address without user name and password`,
  });
}

/** Organizations of Genesys Cloud. {@link repeatIssues} refuses a repeated one. */
export const MAX_ORGANIZATIONS = 1000;
export const organizationIds = listOf(id, { min: 1, max: MAX_ORGANIZATIONS });

/** A point in time with its offset, such as `2026-03-01T09:30:00Z`. */
export const timestamp = z.iso.datetime({
  offset: true,
  error: 'expected an ISO 8601 time with an offset, such as 2026-03-01T09:30:00Z',
});

/**
 * The outcomes of a job for its receiver. `held`: it may have been delivered, and a person must
 * decide.
 */
export const CALLBACK_EVENTS = ['delivered', 'failed', 'expired', 'held'] as const;

/** The receiver of the outcome; the callback of the tenant by default. */
export const callback = z.strictObject({
  url: webUrl,
  /** Only these outcomes; all by default. */
  events: listOf(z.enum(CALLBACK_EVENTS), { min: 1, max: CALLBACK_EVENTS.length }).optional(),
});

export const priority = z.enum(['normal', 'urgent']);

/** The message of a check of our own, with what came. */
export function wanting(wanted: string): { error: (issue: { input?: unknown }) => string } {
  return { error: ({ input }) => `${wanted}, got ${preview(input)}` };
}

const MAX_REPEATS = 20;

/**
 * The items that a list has a second time.
 * @param list as it came in. The contract reports a value that is no list, or too long a list.
 */
export function repeatIssues(list: unknown, path: string): Issue[] {
  if (!Array.isArray(list) || list.length > MAX_ORGANIZATIONS) return [];
  const places = new Map<unknown, string>();
  const issues = list.flatMap((item: unknown, index) => {
    const place = pathTo(path, index);
    const first = places.get(item);
    places.set(item, first ?? place);
    if (first === undefined || typeof item !== 'string') return [];
    return [{ path: place, message: `expected each once, got that of ${first} again` }];
  });
  return issues.slice(0, MAX_REPEATS);
}
