import { z } from 'zod';
import { readJson } from '../content/json-value.ts';
import { digitsOf, isExactNumber } from '../core/exact-json.ts';
import { describeIssue, issuesOf, preview } from '../core/issues.ts';
import type { Json } from '../core/json.ts';
import type { Parsed } from '../jobs/define.ts';
import { tenantId } from '../jobs/fields.ts';

/**
 * What a record says beside its fixed fields: ids, sizes, times, counts, codes. Never the text of a message.
 */
export type Details = Readonly<Record<string, Json>>;

/** Largest details, in bytes of UTF-8 as JSON. */
export const MAX_DETAILS_BYTES = 32 * 1024;

/**
 * A record as the outbox carries it is no longer than this, in characters: details that are all escapes, and
 * the rest.
 */
export const MAX_RECORD_CHARACTERS = MAX_DETAILS_BYTES + 4096;

const WANTED_TIME =
  'expected a time in UTC with milliseconds, such as 2026-03-01T09:30:00.000Z, from 2000 to 2100';

const details = z.custom<Details>().superRefine((value, context) => {
  const message = detailsIssue(value);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

/**
 * One audit record: who did what, when, and how it ended. `own`: written by this installation,
 * one for each outcome of a job; `genesys`: fetched from the audit of Genesys Cloud.
 */
export const auditRecordSchema = z.strictObject({
  tenantId,
  /** Unique per tenant: a record that is there already stays as it is. */
  id: printable(200),
  source: z.enum(['own', 'genesys']),
  occurredAt: z.string().refine(isMoment, WANTED_TIME),
  action: printable(200),
  status: printable(40),
  details,
});

export type AuditRecord = z.output<typeof auditRecordSchema>;

/** Checks a record that comes from outside, and names every issue; the values themselves are not quoted. */
export function parseRecord(input: unknown): Parsed<AuditRecord> {
  const parsed = auditRecordSchema.safeParse(input, { reportInput: true });
  return parsed.success ? { ok: true, data: parsed.data } : { ok: false, issues: issuesOf(parsed.error) };
}

/** As {@link parseRecord}. @throws {TypeError} naming every issue. */
export function requireRecord(input: unknown): AuditRecord {
  const parsed = parseRecord(input);
  if (parsed.ok) return parsed.data;
  throw new TypeError(`not an audit record: ${parsed.issues.map(describeIssue).join('; ')}`);
}

/**
 * JSON without white space, the fields of every object in the order of their names by UTF-16 code units: the
 * same value gives the same text, whoever made it. For values that were parsed, which are not deep.
 */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isExactNumber(value)) return digitsOf(value);
  const fields = Object.entries(value)
    // JSON leaves out what is undefined.
    .filter(([, held]) => held !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, held]) => `${JSON.stringify(name)}:${canonicalJson(held)}`);
  return `{${fields.join(',')}}`;
}

function printable(max: number): z.ZodString {
  const pattern = new RegExp(`^[^\\p{C}\\p{Zl}\\p{Zp}]{1,${max}}$`, 'u');
  return z.string().regex(pattern, `expected 1 to ${max} printable characters`);
}

/** Exactly what `toISOString` writes: one moment has one text, and texts sort as moments do. */
function isMoment(text: string): boolean {
  if (!/^(20\d\d|2100)-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text)) return false;
  const ms = Date.parse(text);
  return Number.isFinite(ms) && new Date(ms).toISOString() === text;
}

function detailsIssue(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return `expected an object, got ${preview(value)}`;
  }
  const [issue] = readJson(value, 'details').issues;
  if (issue) return issue.path === 'details' ? issue.message : `${issue.message} (at ${issue.path})`;
  const bytes = Buffer.byteLength(canonicalJson(value as Details), 'utf8');
  return bytes > MAX_DETAILS_BYTES
    ? `expected at most ${MAX_DETAILS_BYTES} bytes as JSON, got ${bytes}`
    : undefined;
}
