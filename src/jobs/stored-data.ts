import { z } from 'zod';
import { equalTrees, type Tree } from '../content/json/tree.ts';
import { CATALOG, JOB_KINDS, type JobKind } from './catalog.ts';
import { type Envelope, envelope } from './envelope.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The data of a job as Redis keeps them, as JSON. The payload has no fields that equal their defaults,
 * and not its tenant, which the envelope has: a job may wait for long, beside a million others.
 */
export function writeData(kind: JobKind, { tenantId, payload }: Envelope): string {
  const fields: Record<string, unknown> = { ...payload };
  // JSON leaves a field without a value out.
  if (fields['tenantId'] === tenantId) fields['tenantId'] = undefined;
  for (const [name, wanted] of ENTRIES[kind]) {
    if (isSame(fields[name], wanted)) fields[name] = undefined;
  }
  return JSON.stringify({ tenantId, payload: fields });
}

/** The data of a job out of Redis, with all fields. Undefined for data that cannot be read. */
export function readData(kind: JobKind, stored: unknown): Envelope | undefined {
  const opened = envelope.safeParse(stored);
  return opened.success ? wholeData(kind, opened.data) : undefined;
}

/** The same data with all fields. Data that an earlier version stored have them already. */
export function wholeData(kind: JobKind, { tenantId, payload, ...others }: Envelope): Envelope {
  return { tenantId, payload: { tenantId, ...defaultsOf(kind), ...payload }, ...others };
}

/**
 * The defaults of a kind's fields, by its contract. Jobs that wait rely on them: a contract with
 * another default needs the next format of the data in Redis.
 */
export function defaultsOf(kind: JobKind): Fields {
  return DEFAULTS[kind];
}

function isSame(value: unknown, wanted: unknown): boolean {
  return value === wanted || (typeof wanted === 'object' && equalTrees(value as Tree, wanted as Tree));
}

/** Of the fields of an object. A kind with several operations has none: it stores each field. */
function defaultsIn(schema: z.ZodType): Fields {
  if (!(schema instanceof z.ZodObject)) return {};
  const defaults: Record<string, unknown> = {};
  for (const [name, field] of Object.entries<z.ZodType>(schema.shape)) {
    if (field instanceof z.ZodDefault) defaults[name] = field.def.defaultValue;
  }
  return defaults;
}

const DEFAULTS = ofEach((kind) => defaultsIn(CATALOG[kind].schema));
const ENTRIES = ofEach((kind) => Object.entries(defaultsOf(kind)));

function ofEach<Value>(of: (kind: JobKind) => Value): Readonly<Record<JobKind, Value>> {
  return Object.fromEntries(JOB_KINDS.map((kind) => [kind, of(kind)])) as Record<JobKind, Value>;
}
