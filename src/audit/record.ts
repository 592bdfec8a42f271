import { z } from 'zod';
import { readJson } from '../content/json/read-json.ts';
import { type Checked, checked } from '../core/checked.ts';
import { digitsOf, isExactNumber } from '../core/exact-json.ts';
import { describeIssue, preview } from '../core/issues.ts';
import type { Json } from '../core/json.ts';
import { TENANT_ID, WANTED_TENANT_ID } from '../jobs/fields.ts';

/** Further fields of a record: ids, sizes, times, counts, codes. Never the text of a message. */
export type Details = Readonly<Record<string, Json>>;

/** Largest details, in bytes of UTF-8 as JSON. */
export const MAX_DETAILS_BYTES = 32 * 1024;

/** Longest texts of a record, in characters. */
const MAX_ID = 200;
const MAX_ACTION = 200;
const MAX_STATUS = 40;

/** Longest record in the outbox, in characters: the details and room for all other fields. */
export const MAX_RECORD_CHARACTERS = MAX_DETAILS_BYTES + 4096;

const WANTED_TIME =
  'expected a time in UTC with milliseconds, such as 2026-03-01T09:30:00.000Z, from 2000 to 2100';

const details = z.custom<Details>().superRefine((value, context) => {
  const message = detailsIssue(value);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

/**
 * Stands in for a tenant in records that concern the whole installation. No tenant has this id: the
 * first character of an id is a letter or a digit.
 */
export const INSTALLATION = '_installation';

/**
 * One audit record: what happened, when, and how it ended. `own`: this installation wrote it, one
 * per outcome of a job. `operator`: what an operator did. `genesys`: read from the audit of Genesys
 * Cloud.
 */
export const auditRecordSchema = z.strictObject({
  /** The chain that the record belongs to. */
  tenantId: z.string().regex(new RegExp(`^${INSTALLATION}$|${TENANT_ID.source}`), WANTED_TENANT_ID),
  /** Unique per tenant. A second record with the same id changes nothing. */
  id: printable(MAX_ID),
  source: z.enum(['own', 'operator', 'genesys']),
  occurredAt: z.string().refine(isMoment, WANTED_TIME),
  action: printable(MAX_ACTION),
  status: printable(MAX_STATUS),
  details,
});

export type AuditRecord = z.output<typeof auditRecordSchema>;

/** Checks a record from outside, and names every issue without its value. */
export function parseRecord(input: unknown): Checked<AuditRecord> {
  return checked(auditRecordSchema, input);
}

/**
 * As {@link parseRecord}.
 * @throws {TypeError} naming every issue.
 */
export function requireRecord(input: unknown): AuditRecord {
  const parsed = parseRecord(input);
  if (parsed.ok) return parsed.data;
  throw new TypeError(`not an audit record: ${parsed.issues.map(describeIssue).join('; ')}`);
}

/**
 * A record of this program as JSON. The thread of the store checks each record by the schema. So a
 * plain record, as almost all are, is not checked here: that takes a worker a twelfth of its time.
 * @throws {TypeError} naming every issue of a record that is not sound.
 */
export function writeRecord(record: AuditRecord): string {
  const text = JSON.stringify(record);
  return isPlain(record, text) ? text : JSON.stringify(requireRecord(record));
}

/** ASCII that JSON writes as it is. So no text of the record can be unreadable or not printable. */
const PLAIN = /^[\x20-\x5b\x5d-\x7e]*$/;

/** Whether the record of a job is sound for certain: only its texts and its size come from outside. */
function isPlain({ source, tenantId, id, action, status, occurredAt }: AuditRecord, text: string): boolean {
  return (
    source === 'own' &&
    TENANT_ID.test(tenantId) &&
    hasLength(id, MAX_ID) &&
    hasLength(action, MAX_ACTION) &&
    hasLength(status, MAX_STATUS) &&
    isMoment(occurredAt) &&
    text.length <= MAX_DETAILS_BYTES &&
    PLAIN.test(text)
  );
}

function hasLength(text: string, max: number): boolean {
  return text.length > 0 && text.length <= max;
}

/**
 * JSON without white space, with the fields of every object in the order of their UTF-16 code
 * units. So equal values give equal texts. For parsed values, which are not deep.
 */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isExactNumber(value)) return digitsOf(value);
  const fields = Object.entries(value)
    // JSON leaves out undefined fields.
    .filter(([, held]) => held !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, held]) => `${JSON.stringify(name)}:${canonicalJson(held)}`);
  return `{${fields.join(',')}}`;
}

function printable(max: number): z.ZodString {
  const pattern = new RegExp(`^[^\\p{C}\\p{Zl}\\p{Zp}]{1,${max}}$`, 'u');
  return z.string().regex(pattern, `expected 1 to ${max} printable characters`);
}

/** Whether a text is exactly what `toISOString` writes. So texts sort as their times do. */
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
