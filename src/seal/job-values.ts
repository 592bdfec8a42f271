import { CodedError } from '../core/errors.ts';
import { isRecord } from '../core/json.ts';
import { type Seal, sealedBy } from './seal.ts';

/** What a job keeps in its hash. */
export interface JobOwner {
  readonly tenantId: string;
  readonly jobId: string;
}

/** The data of a job in Redis. The tenant stays clear: scripts look it up. */
export interface SealedData {
  readonly tenantId: string;
  readonly sealed: string;
}

/** The tenant of values whose job has none that can be read. */
const NO_TENANT = '-';

/** The jobs of a schedule share its data, and BullMQ copies these as they are. */
function subjectOf(jobId: string): string {
  return /^repeat:(.+):\d+$/.exec(jobId)?.[1] ?? jobId;
}

/**
 * Seals the data of a job.
 * @param json the data in clear.
 * @returns what BullMQ keeps, as JSON; the same text when sealing is off.
 */
export function closeData(seal: Seal, { tenantId, jobId }: JobOwner, json: string): string {
  if (!seal.isOn) return json;
  const sealed = seal.close(json, { what: 'data', tenantId, id: subjectOf(jobId) });
  const data: SealedData = { tenantId, sealed };
  return JSON.stringify(data);
}

/**
 * The data of a job in clear. Data that were not sealed come back as they are.
 * @param stored the data as BullMQ read them out of its JSON.
 * @throws {CodedError} as {@link Seal.open}.
 */
export function openData(seal: Seal, jobId: string, stored: unknown): unknown {
  const { tenantId, sealed } = isRecord(stored) ? stored : {};
  if (typeof sealed !== 'string' || typeof tenantId !== 'string' || !sealedBy(sealed)) return stored;
  return parsed(seal.open(sealed, { what: 'data', tenantId, id: subjectOf(jobId) }));
}

/** @param json the data as Redis holds them. */
export function openDataText(seal: Seal, jobId: string, json: string): string {
  if (!json.includes('"sealed":')) return json;
  const stored = parsed(json);
  const opened = openData(seal, jobId, stored);
  return opened === stored ? json : JSON.stringify(opened);
}

/** Seals a result, a reason or a trace of a job. */
export function closeText(
  seal: Seal,
  what: 'result' | 'reason' | 'trace',
  { tenantId, jobId }: { readonly tenantId: string | undefined; readonly jobId: string },
  text: string,
): string {
  return seal.close(text, { what, tenantId: tenantId ?? NO_TENANT, id: jobId });
}

/** @throws {CodedError} as {@link Seal.open}. */
export function openText(
  seal: Seal,
  what: 'result' | 'reason' | 'trace',
  jobId: string,
  text: string,
): string {
  return seal.open(text, { what, id: jobId });
}

/** A result as BullMQ keeps it: JSON, or a text that was sealed. */
export function openResult(seal: Seal, jobId: string, stored: unknown): unknown {
  if (typeof stored !== 'string' || !sealedBy(stored)) return stored;
  return parsed(openText(seal, 'result', jobId, stored));
}

/** The hash of a job with its values in clear. */
export interface OpenedHash {
  readonly raw: Readonly<Record<string, string>>;
  /** Why a value stayed sealed. */
  readonly failure?: CodedError;
}

/** Opens the values in the hash of a job. */
export function openHash(seal: Seal, jobId: string, raw: Readonly<Record<string, string>>): OpenedHash {
  let failure: CodedError | undefined;
  const attempt = (value: string | undefined, open: (value: string) => string) => {
    if (value === undefined) return undefined;
    try {
      return open(value);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      failure ??= error;
      return value;
    }
  };
  const opened = {
    data: attempt(raw['data'], (data) => openDataText(seal, jobId, data)),
    returnvalue: attempt(raw['returnvalue'], (json) => openJson(seal, jobId, json)),
    failedReason: attempt(raw['failedReason'], (reason) => openText(seal, 'reason', jobId, reason)),
    stacktrace: attempt(raw['stacktrace'], (json) => openTraces(seal, jobId, json)),
  };
  const known = Object.entries(opened).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { raw: { ...raw, ...Object.fromEntries(known) }, ...(failure && { failure }) };
}

function openJson(seal: Seal, jobId: string, json: string): string {
  if (!json.startsWith('"gwm1:')) return json;
  return openText(seal, 'result', jobId, String(parsed(json)));
}

function openTraces(seal: Seal, jobId: string, json: string): string {
  if (!json.includes('"gwm1:')) return json;
  const traces = parsed(json);
  if (!Array.isArray(traces)) return json;
  const open = (trace: unknown) =>
    typeof trace === 'string' ? openText(seal, 'trace', jobId, trace) : trace;
  return JSON.stringify(traces.map(open));
}

/** BullMQ reads JSON with JSON.parse, too. Undefined for a text that is no JSON. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
