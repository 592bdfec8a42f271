import type { IncomingHttpHeaders } from 'node:http';
import type { SandboxClient } from '../login/clients.ts';
import type { Token } from '../login/tokens.ts';
import type { CounterName } from '../observe/stats.ts';

/** One request as it came in, with all that can be read from it before anything is judged. */
export interface Arrival {
  /** The name of the operation; null on a path that does not exist. */
  readonly operation: string | null;
  /** Repeated in the answer's `inin-correlation-id` and in the error body's `contextId`. */
  readonly correlationId: string;
  readonly headers: IncomingHttpHeaders;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Parsed JSON or a parsed form; undefined when there is none; an UnreadableBody when it could not be read. */
  readonly body: unknown;
  /** `X-Genesys-Request-Id`: the same on all attempts of one job. */
  readonly requestId: string | null;
  /** `X-Conversation-Sequence`: the order in which messages of a conversation were enqueued. */
  readonly sequence: number | null;
  readonly conversationId: string | null;
  /** The token that was shown, valid or not. */
  readonly token: Token | undefined;
  /** Who called, as far as the credentials tell, right or wrong. */
  readonly client: SandboxClient | undefined;
}

/** What is sent back. */
export interface Answer {
  status: number;
  /** A string is sent as plain text, anything else as JSON. */
  body: unknown;
  headers?: Record<string, string>;
  /** The counter it belongs to, where the status alone would mislead. */
  counter?: CounterName;
}

/** Carries out one operation for a caller who was let in. */
export type OperationHandler = (arrival: Arrival, client: SandboxClient) => Answer;
