import type { IncomingHttpHeaders } from 'node:http';
import type { SandboxClient } from '../login/clients.ts';
import type { Token } from '../login/tokens.ts';
import type { Answer, Arrival } from './arrival.ts';

/** The caller that the credentials name. Nothing checks them yet. */
export interface Caller {
  token?: Token | undefined;
  client?: SandboxClient | undefined;
}

/** An error without a body of its own: an injected error, or a path that does not exist. */
export interface PlainError {
  status: number;
  message: string;
}

/** What differs between an operation of the API, the token operation and an unknown path. */
export interface Endpoint {
  /** The name of the operation. Null on a path that does not exist. */
  readonly operation: string | null;
  /** Whether an accepted request changes something. Its repetition is then a duplicate. */
  readonly isDelivery: boolean;
  callerOf(headers: IncomingHttpHeaders, body: unknown): Caller;
  conversationOf(body: unknown, params: Readonly<Record<string, string>>): string | null;
  /** What makes two requests the same. Absent or null: the header `X-Genesys-Request-Id`. */
  requestIdOf?(body: unknown): string | null;
  answer(arrival: Arrival): Answer;
  /** An error in the shape of this host. The API and the login host have different shapes. */
  errorAnswer(arrival: Arrival, error: PlainError): Answer;
}
