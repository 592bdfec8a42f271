import type { IncomingHttpHeaders } from 'node:http';
import type { SandboxClient } from '../login/clients.ts';
import type { Token } from '../login/tokens.ts';
import type { CounterName } from '../observe/stats.ts';

/** One request as it arrived, and what can be read from it before any check. */
export interface Arrival {
  /** The name of the operation. Null on a path that does not exist. */
  readonly operation: string | null;
  /** Goes into the header `inin-correlation-id`, and into `contextId` of an error body. */
  readonly correlationId: string;
  readonly headers: IncomingHttpHeaders;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Parsed JSON, a parsed form or an UnreadableBody. Undefined for a request without a body. */
  readonly body: unknown;
  /** `X-Genesys-Request-Id`, or the id of the message: the same on all attempts of one job. */
  readonly requestId: string | null;
  /** `X-Conversation-Sequence`: the sequence number of a job in its conversation. */
  readonly sequence: number | null;
  readonly conversationId: string | null;
  /** The token of the request, valid or not. */
  readonly token: Token | undefined;
  /** The client that the credentials name, valid or not. */
  readonly client: SandboxClient | undefined;
}

/** The answer to a request. */
export interface Answer {
  status: number;
  /** A string is sent as plain text, any other value as JSON. */
  body: unknown;
  headers?: Record<string, string>;
  /** The counter of this answer, when it is not the counter of the status. */
  counter?: CounterName;
  /** False: without the header `X-Request-Id`, which the platform does not have. */
  hasRequestId?: boolean;
}

/** Carries out one operation, after the checks of the token, the scope and the rate limit. */
export type OperationHandler = (arrival: Arrival, client: SandboxClient) => Answer;
