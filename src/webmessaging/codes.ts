import { CodedError, type ErrorCode } from '../core/errors.ts';
import { parseRetryAfter } from '../core/retry-after.ts';
import { correlated, correlationIdOf } from '../genesys/correlation.ts';
import type { AnswerHeaders } from '../outbound/answer.ts';
import type { RefusalBody } from './frames.ts';

/** What a code of the guest channel means for a job. */
interface Meaning {
  readonly error: ErrorCode;
  /** What happened, and what to do where the hint of the error does not say it. */
  readonly says: string;
  /** The server may have carried out the request all the same. */
  readonly mayBeDone?: true;
  /** What a worker does before the error counts. */
  readonly remedy?: Remedy;
}

/**
 * `configure`: connect again, because the connection has lost the session. `upload`: send the file
 * again.
 */
export type Remedy = 'configure' | 'upload';

const ended = (says: string, remedy?: Remedy): Meaning => ({
  error: 'CONVERSATION_CLOSED',
  says,
  ...(remedy && { remedy }),
});
const content = (says: string): Meaning => ({ error: 'CONTENT_REFUSED', says });
const file = (says: string): Meaning => ({ error: 'CONTENT_REFUSED', says, remedy: 'upload' });
const trouble = (says: string): Meaning => ({ error: 'GENESYS_UNAVAILABLE', says, mayBeDone: true });

const RATE: Meaning = { error: 'RATE_LIMITED', says: 'the session sends too fast' };

/** Every code of the channel that is known (docs/platform.md#webmessaging). */
export const CODES: Readonly<Record<number, Meaning>> = {
  400: content('the request is malformed'),
  401: ended('the session is one of a guest who has signed in, and the sign-in is over'),
  403: {
    error: 'CAPABILITY_UNAVAILABLE',
    says: 'the deployment does not allow this; look at its configuration, and at the domains that it allows',
  },
  404: { error: 'NOT_FOUND', says: 'the deployment or the file does not exist' },
  408: trouble('the server was too slow'),
  409: ended('the session is read-only'),
  429: RATE,
  4000: { error: 'CAPABILITY_UNAVAILABLE', says: 'allow files in the configuration of the deployment' },
  4001: content('the type of the file is not allowed'),
  4002: content('the file is too large'),
  4003: content('the file has not the announced content'),
  4004: content('the name of the file is not allowed'),
  4005: content('the name of the file is too long'),
  4006: ended('the session has expired', 'configure'),
  4007: ended('the session does not exist', 'configure'),
  4008: file('the file has expired'),
  4009: file('the file does not exist'),
  4010: file('the file was not uploaded'),
  4011: content('the text is too long'),
  4013: content('the custom attributes are too large'),
  4017: ended('the session is one of a guest who has signed in'),
  4020: content('the request lacks a field'),
  4029: RATE,
  4102: content('the file is empty'),
  5000: trouble('an unexpected error of the server'),
};

const OTHER: Meaning = { error: 'GENESYS_REFUSED', says: 'the code is not known' };

/** An error frame as an error of a job. */
export class ChannelRefusal extends CodedError {
  readonly remedy: Remedy | undefined;
  /** The action of the request. */
  readonly request: string;
  /** Whether the frame names its request. */
  readonly isTraced: boolean;
  constructor({ code, retryAfterMs }: RefusalBody, request: string, isTraced = true) {
    const { error, says, mayBeDone = false, remedy } = meaningOf(code);
    super(error, `${request}: the guest channel answered ${code}: ${says}`, {
      status: code,
      isUnknown: mayBeDone,
      ...(error === 'RATE_LIMITED' && { retryAfterMs: retryAfterMs ?? DEFAULT_PAUSE_MS }),
    });
    this.remedy = remedy;
    this.request = request;
    this.isTraced = isTraced;
  }
}

/** The pause after an answer about the rate that names none, ms. */
const DEFAULT_PAUSE_MS = 3000;

function meaningOf(code: number): Meaning {
  const known = Object.hasOwn(CODES, code) ? CODES[code] : undefined;
  if (known) return known;
  return code >= 500 && code < 600 ? trouble('an error of the server') : OTHER;
}

/** The answer to a request for a connection. */
interface Refused {
  readonly status: number;
  readonly headers: AnswerHeaders;
}

/** The channel has refused a connection: the answer to the upgrade has an HTTP status. */
export class ConnectionRefusal extends CodedError {}

/** @param host of the tenant, for the message */
export function refusedConnection(
  { status, headers }: Refused,
  host: string,
  nowMs = Date.now(),
): ConnectionRefusal {
  const { where, option } = correlated(correlationIdOf(headers));
  const said = `${host} answered ${status} to the connection of a guest`;
  if (status === 429) {
    const retryAfterMs = parseRetryAfter(headers.get('retry-after'), nowMs) ?? DEFAULT_PAUSE_MS;
    return new ConnectionRefusal('RATE_LIMITED', `${said}${where}`, { status, retryAfterMs, ...option });
  }
  if (status >= 500 || status === 408) {
    return new ConnectionRefusal('GENESYS_UNAVAILABLE', `${said}${where}`, { status, ...option });
  }
  const remedy =
    'check deploymentId and origin of the tenant, and the status and allowed domains of the deployment';
  const code = status === 404 ? 'NOT_FOUND' : status === 403 ? 'CAPABILITY_UNAVAILABLE' : 'GENESYS_REFUSED';
  return new ConnectionRefusal(code, `${said}; ${remedy}${where}`, { status, ...option });
}
