import { CodedError, type ErrorCode, isErrorCode } from '../core/errors.ts';
import { done, type JobResult, type Outcome, reject } from '../core/outcome.ts';
import type { LedgerEntry } from './decisions.ts';

/**
 * The ledger remembers how a job ended, so that it can be told again when a worker died before BullMQ and the
 * receiver of the callback heard of it: a word, and JSON. Small: it is kept for days.
 */
export function writeEntry(
  outcome: Extract<Outcome, { kind: 'done' | 'reject' }>,
  contentDigest?: string,
): LedgerEntry {
  const beside = contentDigest === undefined ? {} : { [DIGEST]: contentDigest };
  if (outcome.kind === 'done') return `sent ${JSON.stringify({ ...outcome.result, ...beside })}`;
  const { code, message, status, details } = outcome.error;
  const word = code === 'JOB_EXPIRED' ? 'expired' : 'failed';
  return `${word} ${JSON.stringify({ code, message, status, details, ...beside })}`;
}

/** Beside a key that is remembered for longer than its job is kept: what the job said, in a few characters. */
const DIGEST = 'contentDigest';

/** The digest in the entry of a job that has ended; undefined where there is none. */
export function storedDigest(entry: string): string | undefined {
  return /"contentDigest":"([\w-]+)"\}$/.exec(entry)?.[1];
}

/**
 * The outcome that an entry was written from; that of a cancelled job says so. The first word counts: what was delivered
 * stays delivered, also when the rest cannot be read.
 */
export function readEntry(entry: LedgerEntry): Outcome {
  const word = entry.slice(0, entry.indexOf(' '));
  const rest = entry.slice(word.length + 1);
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

/** Undefined: not JSON, or no object. */
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
