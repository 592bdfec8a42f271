import { z } from 'zod';

/** Fields that several kinds of job share. */

/** An id given by the caller or by Genesys Cloud: printable, without white space, at most 200 characters. */
export const id = z
  .string()
  .regex(
    /^(?!\.{1,2}$)[^\s\p{C}]{1,200}$/u,
    'expected 1 to 200 characters without white space and control characters',
  );

/** A tenant's name as in TENANTS_FILE. It becomes part of Redis keys and metric labels. */
export const tenantId = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}$/, 'expected letters, digits, "_", "." or "-", at most 64');

/** An http(s) address without user name and password. */
export const webUrl = z
  .string()
  .max(2048)
  .refine(isWebUrl, 'expected an http:// or https:// address without user name and password');

/** A point in time with its offset, such as `2026-03-01T09:30:00Z`. */
export const timestamp = z.iso.datetime({
  offset: true,
  error: 'expected an ISO 8601 time with an offset, such as 2026-03-01T09:30:00Z',
});

/** How a job ends, as its receiver is told; held: it may have been delivered, and a person must decide. */
export const CALLBACK_EVENTS = ['delivered', 'failed', 'expired', 'held'] as const;

/** Where to report how the job ended; without it the tenant's own callback is used. */
export const callback = z.strictObject({
  url: webUrl,
  /** Only these outcomes; all of them when left out. */
  events: z.array(z.enum(CALLBACK_EVENTS)).min(1).max(CALLBACK_EVENTS.length).optional(),
});

export const priority = z.enum(['normal', 'urgent']);

function isWebUrl(text: string): boolean {
  // The parser takes white space, back slashes and missing slashes; who gets the address may not.
  if (!/^https?:\/\/[^\s\\@]+$/i.test(text)) return false;
  const url = URL.parse(text);
  return url !== null && url.username === '' && url.password === '';
}
