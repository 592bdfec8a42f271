import { CodedError, type ErrorCode, isErrorCode } from '../core/errors.ts';
import { done, type FinalOutcome, type JobResult, reject } from '../core/outcome.ts';
import type { Seal } from '../seal/seal.ts';
import type { LedgerEntry } from './decisions.ts';
import type { JobRef } from './job-ref.ts';

/**
 * The ledger's entry of a job that has ended: a word, and the outcome as JSON. Another run reads
 * the outcome from it when a worker died before it reported the end of the job. The entry is small,
 * because Redis keeps it for days.
 */
export function writeEntry(
  outcome: FinalOutcome,
  contentDigest: string | undefined,
  seal: EntrySeal,
): LedgerEntry {
  const beside = contentDigest === undefined ? {} : { [DIGEST]: contentDigest };
  if (outcome.kind === 'done') return `sent ${seal.close(JSON.stringify({ ...outcome.result, ...beside }))}`;
  const { code, message, status, details } = outcome.error;
  const word = code === 'JOB_EXPIRED' ? 'expired' : 'failed';
  return `${word} ${seal.close(JSON.stringify({ code, message, status, details, ...beside }))}`;
}

const SENT = 'sent ';
/** As conclude.lua writes it. */
const MARKED = 'sent unknown ';

/** The entry of a delivered job that an earlier or a later attempt may have delivered too. */
export function markEntry(entry: LedgerEntry): LedgerEntry {
  if (isMarked(entry) || !entry.startsWith(SENT)) return entry;
  return `${MARKED}${entry.slice(SENT.length)}`;
}

/** Whether a job may have been delivered twice, by its entry. */
export function isMarked(entry: string): boolean {
  return entry.startsWith(MARKED);
}

/** What stands behind the word of an entry and its mark. */
function behindWord(entry: string): string {
  return entry.startsWith(MARKED) ? entry.slice(MARKED.length) : entry.slice(entry.indexOf(' ') + 1);
}

/**
 * A short hash of the job's content. It outlives the job, so that a duplicate can be compared with
 * it.
 */
const DIGEST = 'contentDigest';

/** The digest in the entry of a job that has ended, if it has one. */
export function storedDigest(entry: string, seal: EntrySeal): string | undefined {
  const json = seal.open(behindWord(entry));
  return /"contentDigest":"([\w-]+)"\}$/.exec(json ?? '')?.[1];
}

/**
 * The outcome that an entry was written from. The first word counts: a delivered job stays
 * delivered, even when the JSON behind it cannot be read.
 */
export function readEntry(entry: LedgerEntry, seal: EntrySeal): FinalOutcome {
  const word = entry.slice(0, entry.indexOf(' '));
  const rest = seal.open(behindWord(entry)) ?? '';
  if (word === 'sent') {
    const { [DIGEST]: _beside, ...result } = { ...(parsed(rest) as JobResult | undefined) };
    return done(result);
  }
  if (word === 'cancelled') return reject(new CodedError('JOB_CANCELLED', 'cancelled before it was sent'));
  if (word === 'removed')
    return reject(new CodedError('JOB_REMOVED', 'removed from the queue before it was sent'));
  const written = parsed(rest) as Partial<WrittenError> | undefined;
  if (!written?.code || !isErrorCode(written.code) || written.message === undefined) {
    return reject(new CodedError('JOB_DAMAGED', 'it ended, and Redis held something else than how'));
  }
  const { code, message, status, details } = written;
  return reject(new CodedError(code, message, { ...(status && { status }), ...(details && { details }) }));
}

/** Seals and opens what stands behind the word of an entry. */
export interface EntrySeal {
  close(json: string): string;
  /** Undefined when it cannot be opened: the word counts all the same. */
  open(text: string): string | undefined;
}

/** The seal of a job's entry. */
export function sealOfEntry(seal: Seal, { tenantId, jobId }: Pick<JobRef, 'tenantId' | 'jobId'>): EntrySeal {
  const place = { what: 'ledger', tenantId, id: jobId } as const;
  return {
    close: (json) => seal.close(json, place),
    open(text) {
      try {
        return seal.open(text, place);
      } catch {
        return undefined;
      }
    },
  };
}

/** The object in the JSON; undefined when there is no JSON, or no object in it. */
function parsed(json: string): object | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

interface WrittenError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly status?: number;
  readonly details?: readonly string[];
}
