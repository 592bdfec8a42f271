/**
 * The table of all failures of a job.
 *
 * A code names the failure. Its disposition says what the runtime does:
 *
 * - `reject`: the job can never succeed as it is; dead letter at once. SCOPE_MISSING also pauses the
 *   bucket (src/runtime/verdict.ts).
 * - `retry`: another attempt may succeed; exponential backoff, until `JOB_RETRY_FOR` is over.
 * - `pause`: the whole bucket of the tenant must wait; the job waits too, and no attempt counts.
 *
 * docs/errors.md is rendered from this table, so that every code is documented.
 */
export type Disposition = 'reject' | 'retry' | 'pause';

interface ErrorEntry {
  readonly disposition: Disposition;
  /** One sentence for the reader of the dead letter: what to do. */
  readonly hint: string;
}

export const ERRORS = {
  JOB_INVALID: {
    disposition: 'reject',
    hint: 'Correct the fields that the error message names. Then enqueue the job again.',
  },
  JOB_EXPIRED: {
    disposition: 'reject',
    hint: 'The time of the job was over before its turn: `expiresAt` of the job, or `maxAge` of its tenant. Workers sent nothing.',
  },
  JOB_CRASHED_WORKERS: {
    disposition: 'reject',
    hint: 'Several worker processes died while they ran this job. Look at their last log lines before a retry.',
  },
  JOB_DAMAGED: {
    disposition: 'reject',
    hint: 'The worker could not read the job from Redis. Redis keeps an unchanged copy, and the log line names its key. Enqueue the job again.',
  },
  PAYLOAD_KEY_MISSING: {
    disposition: 'retry',
    hint: 'A process lacks a key of PAYLOAD_KEYS that sealed this value. Jobs wait. Give every process the same keys, and start it again.',
  },
  PAYLOAD_UNREADABLE: {
    disposition: 'reject',
    hint: 'A sealed value in Redis was changed, or belongs to another job or tenant. Find out which program writes to Redis. Enqueue the job again.',
  },
  JOB_CANCELLED: {
    disposition: 'reject',
    hint: 'An operator or a producer cancelled the job while it waited. Workers sent nothing.',
  },
  JOB_REMOVED: {
    disposition: 'reject',
    hint: 'Another program removed the job from its queue. Workers sent nothing.',
  },
  OUTCOME_UNKNOWN: {
    disposition: 'reject',
    hint: 'The job may have been delivered. Read the conversation before a retry, or set `onUnknownOutcome` to `resend`.',
  },
  TENANT_UNKNOWN: {
    disposition: 'retry',
    hint: 'Add the tenant to TENANTS_FILE, then send SIGHUP or POST /v1/tenants/reload. Workers retry the job meanwhile.',
  },
  SECRET_UNREADABLE: {
    disposition: 'retry',
    hint: 'A secret of the tenant is missing or empty. Set the environment variable or write the file that the tenants file names for it.',
  },
  CREDENTIALS_REFUSED: {
    disposition: 'pause',
    hint: 'Check the clientId and clientSecret of the tenant. The bucket of the tenant pauses, and workers try again automatically.',
  },
  TOKEN_UNREADABLE: {
    disposition: 'retry',
    hint: 'The login host answered 2xx without a readable token. Check `hosts.login` of the tenant, and gateways and proxies on the way.',
  },
  RATE_LIMITED: {
    disposition: 'pause',
    hint: 'Another program uses the same OAuth client, or the limits of the tenant are too high.',
  },
  CONTENT_REFUSED: {
    disposition: 'reject',
    hint: 'Genesys Cloud refused the content. The details name the fields.',
  },
  ATTACHMENT_REFUSED: {
    disposition: 'reject',
    hint: 'A worker cannot send the file of an attachment. The error message says why: its address, its size, or the answer of its host.',
  },
  ATTACHMENT_UNREACHABLE: {
    disposition: 'retry',
    hint: 'The host of an attachment did not give the file. Workers retry the job automatically.',
  },
  NOT_FOUND: {
    disposition: 'reject',
    hint: 'The conversation, the widget or the operation does not exist on the host of the tenant.',
  },
  SCOPE_MISSING: {
    disposition: 'reject',
    hint: 'Give the OAuth client of the tenant the scope that the error message names. The other jobs wait, and workers send one at a time as a probe. `gwm resume` ends the wait.',
  },
  PERMISSION_MISSING: {
    disposition: 'reject',
    hint: 'In the admin console, give a role of the OAuth client the permission that the error message names. The other jobs wait, and workers send one at a time as a probe. `gwm resume` ends the wait.',
  },
  CAPABILITY_UNAVAILABLE: {
    disposition: 'reject',
    hint: 'The dialect or the route of the tenant has no operation for this. The error message says what to do instead.',
  },
  CONVERSATION_CLOSED: {
    disposition: 'reject',
    hint: 'The guest session has ended. It takes no more messages.',
  },
  WIDGET_MALFORMED: {
    disposition: 'reject',
    hint: 'The error message names what the widget lacks. Look at the widget in the admin console, and check the region.',
  },
  WIDGET_FEATURES_MISSING: {
    disposition: 'reject',
    hint: 'In the configuration of the widget, enable the features that the error message names.',
  },
  CONFIGURATION_MALFORMED: {
    disposition: 'reject',
    hint: 'The configuration of the organization does not have the form that the error message names. Look at it in the admin console.',
  },
  ANSWER_MALFORMED: {
    disposition: 'reject',
    hint: 'The answer of Genesys Cloud does not have the form that docs/guides.md describes. Check the hosts of the tenant, and gateways and proxies on the way.',
  },
  EMBED_TOO_LARGE: {
    disposition: 'reject',
    hint: 'Shorten the largest parts, which the error message names. Store large objects elsewhere, and refer to them by key.',
  },
  ROLLOUT_FAILED: {
    disposition: 'reject',
    hint: 'The rollout reached no organization. The details name them with their reasons. A retry tries all of them again.',
  },
  ROLLBACK_IMPOSSIBLE: {
    disposition: 'reject',
    hint: 'The tenant has no such rollout, or Redis has removed it (KEEP_COMPLETED). Or it changed nothing, or it replaced whole configurations.',
  },
  REPLICATION_TIMED_OUT: {
    disposition: 'reject',
    hint: 'Genesys Cloud accepted the replication and did not end it in time. Look at it in Genesys Cloud, or set a longer REPLICATION_TIMEOUT.',
  },
  DEPLOYMENT_AMBIGUOUS: {
    disposition: 'reject',
    hint: 'Several deployments have this name. Name one by its `id`, or rename the others.',
  },
  LIMIT_REACHED: {
    disposition: 'reject',
    hint: 'The organization has as many messages, configurations or deployments as it may, or the conversation has as many messages. The details name the limit. Genesys Cloud raises the limits of an organization. Then retry the job.',
  },
  CONFIGURATION_AMBIGUOUS: {
    disposition: 'reject',
    hint: 'Several configurations have this name. Name one by its `configurationId`, or rename the others.',
  },
  CHANGE_PENDING: {
    disposition: 'retry',
    hint: 'Genesys Cloud took a change, and did not finish it within PLATFORM_SETTLE_TIMEOUT. Workers look again automatically.',
  },
  CONFLICT: {
    disposition: 'reject',
    hint: 'Genesys Cloud reports a conflicting state. Look at the resource before a retry.',
  },
  GENESYS_REFUSED: {
    disposition: 'reject',
    hint: 'Genesys Cloud answered with an unexpected status. The error message has the status.',
  },
  GENESYS_UNAVAILABLE: {
    disposition: 'retry',
    hint: 'Genesys Cloud answered 408 or 5xx, or did not complete its answer. Workers retry the job automatically.',
  },
  GENESYS_UNREACHABLE: {
    disposition: 'retry',
    hint: 'The host of the tenant did not answer. Check the address, DNS, proxy (HTTPS_PROXY, NO_PROXY) and firewall.',
  },
  WEBHOOK_SECRET_MISSING: {
    disposition: 'reject',
    hint: 'Set `callback.secret` of the tenant. Workers send no callback without a signature.',
  },
  WEBHOOK_REFUSED: {
    disposition: 'retry',
    hint: 'The receiver did not answer with a 2xx status.',
  },
  WEBHOOK_GONE: {
    disposition: 'reject',
    hint: 'The receiver answered 410 Gone, so its endpoint is disabled. Run `gwm webhooks enable` when the receiver works again.',
  },
  WEBHOOK_ENDPOINT_DISABLED: {
    disposition: 'reject',
    hint: 'The endpoint is disabled. Run `gwm webhooks enable`, then `gwm webhooks replay` for the missed callbacks.',
  },
  WEBHOOK_TARGET_REFUSED: {
    disposition: 'reject',
    hint: 'Workers call public addresses only, by https, on port 443. `receivers` of the tenant can allow more.',
  },
  WEBHOOK_UNREACHABLE: {
    disposition: 'retry',
    hint: 'The worker could not reach the receiver, or it did not answer in time.',
  },
  AUDIT_KEY_MISSING: {
    disposition: 'retry',
    hint: 'The audit chain was written with a key that this process lacks. Give every process the same AUDIT_KEYS. Records wait in Redis meanwhile.',
  },
  AUDIT_STORE_UNAVAILABLE: {
    disposition: 'retry',
    hint: 'The audit database does not answer. Check AUDIT_DATABASE_URL and the database. Records wait in Redis meanwhile.',
  },
  AUDIT_RECORD_REFUSED: {
    disposition: 'reject',
    hint: 'The audit database refuses a valid record. Check the constraints and triggers of the database.',
  },
  INTERNAL: {
    disposition: 'retry',
    hint: 'An error of this program. Please report it with the log line.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

export const ERROR_CODES = Object.keys(ERRORS) as readonly ErrorCode[];

/**
 * Why a producer gets no job in although the job has no error. Nothing of the job is accepted, and the
 * same call succeeds later. docs/errors.md is rendered from this table too.
 */
export const REFUSALS = {
  BACKLOG_FULL: {
    hint: 'Enqueue more slowly, let the workers catch up, or raise `limits.maxWaiting` of the tenant.',
  },
  REDIS_FULL: {
    hint: 'Let the workers catch up, or raise `maxmemory` of Redis. Workers need the rest of its memory to end their jobs.',
  },
} as const satisfies Record<string, Pick<ErrorEntry, 'hint'>>;

export type RefusalCode = keyof typeof REFUSALS;

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERRORS, text);
}

export interface CodedErrorOptions {
  /** Milliseconds to wait before the next attempt, as the other side asked. */
  retryAfterMs?: number;
  /** HTTP status of the answer that caused the error. */
  status?: number;
  /** The id by which Genesys Cloud finds the request in its own logs. */
  correlationId?: string;
  /** Field errors of the other side, or paths of issues. Never the text of a message. */
  details?: readonly string[];
  /** The request was sent. Genesys Cloud may have carried it out. */
  isUnknown?: boolean;
  cause?: unknown;
}

/**
 * An expected failure: a code from {@link ERRORS}, and a sentence that is safe to log and to store.
 */
export class CodedError extends Error {
  override readonly name = 'CodedError';
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;
  readonly status: number | undefined;
  readonly correlationId: string | undefined;
  readonly details: readonly string[];
  readonly isUnknown: boolean;

  constructor(code: ErrorCode, message: string, options: CodedErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.status = options.status;
    this.correlationId = options.correlationId;
    this.details = options.details ?? [];
    this.isUnknown = options.isUnknown ?? false;
  }

  get disposition(): Disposition {
    return ERRORS[this.code].disposition;
  }
}

/** What a copy of an error has differently. */
export interface Rewording {
  readonly code?: ErrorCode;
  readonly message?: string;
  readonly isUnknown?: boolean;
}

/** An error in other words: status, correlation id, details and wait are those of the first one. */
export function reworded(error: CodedError, { code, message, isUnknown }: Rewording): CodedError {
  const { status, correlationId, retryAfterMs, details } = error;
  return new CodedError(code ?? error.code, message ?? error.message, {
    cause: error,
    details,
    isUnknown: isUnknown ?? error.isUnknown,
    ...(status !== undefined && { status }),
    ...(correlationId !== undefined && { correlationId }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/**
 * The fields of an error that callbacks and logs show. The cause is left out: it may quote data.
 */
export function errorFields({ code, message, details, status }: CodedError): ErrorFields {
  return { code, message, ...(status !== undefined && { status }), ...(details.length > 0 && { details }) };
}

export type ErrorFields = Pick<CodedError, 'code' | 'message'> &
  Partial<Pick<CodedError, 'status' | 'details'>>;

/**
 * Any thrown value, as a {@link CodedError}. An unexpected error becomes `INTERNAL` and keeps only
 * the name of its class: its text may quote a payload.
 */
export function toCodedError(thrown: unknown): CodedError {
  if (thrown instanceof CodedError) return thrown;
  const kind = thrown instanceof Error ? thrown.name : typeof thrown;
  return new CodedError('INTERNAL', `Unexpected ${kind}`, { cause: thrown });
}

/** The text of any thrown value, for places where the text is known to be safe. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Kinds of failure that programs distinguish; `gwm` has an exit code for each. */
export type Failure = 'failed' | 'usage' | 'not-found' | 'refused' | 'unavailable' | 'settings';

/**
 * A failure of start-up or of a command, addressed to the person at the terminal.
 * Entry points print its message without a stack trace, and exit with the code of its kind.
 */
export class OperatorError extends Error {
  override readonly name: string = 'OperatorError';
  readonly failure: Failure;
  constructor(message: string, failure: Failure = 'failed') {
    super(message);
    this.failure = failure;
  }
}

/** Redis gets no more jobs for now. Nothing of the job was accepted. */
export class RefusedError extends OperatorError {
  override readonly name: string = 'RefusedError';
  readonly code: RefusalCode;
  /** What to do. */
  readonly hint: string;
  constructor(code: RefusalCode, message: string) {
    super(`${message} ${REFUSALS[code].hint}`, 'unavailable');
    this.code = code;
    this.hint = REFUSALS[code].hint;
  }
}

/** As many jobs of the tenant wait as may wait. */
export class BacklogFullError extends RefusedError {
  override readonly name = 'BacklogFullError';
  readonly tenantId: string;
  readonly limit: number;
  constructor(tenantId: string, limit: number) {
    super(
      'BACKLOG_FULL',
      `The tenant ${tenantId} has ${limit} jobs that have not ended, as many as it may have.`,
    );
    this.tenantId = tenantId;
    this.limit = limit;
  }
}

/** The memory of Redis is nearly used up. Beyond its end workers could not end their jobs. */
export class RedisFullError extends RefusedError {
  override readonly name = 'RedisFullError';
  constructor(usedBytes: number, maxBytes: number) {
    const [used, max] = [usedBytes, maxBytes].map((bytes) => `${Math.ceil(bytes / 2 ** 20)} MiB`);
    super('REDIS_FULL', `Redis uses ${used} of ${max}, and takes no more jobs.`);
  }
}
