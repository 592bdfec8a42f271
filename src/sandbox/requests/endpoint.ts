import type { IncomingHttpHeaders } from 'node:http';
import type { SandboxClient } from '../login/clients.ts';
import type { Token } from '../login/tokens.ts';
import type { Answer, Arrival } from './arrival.ts';

/** Who calls, as far as the credentials tell; whether they are right is judged later. */
export interface Caller {
  token?: Token | undefined;
  client?: SandboxClient | undefined;
}

/** An error that is told for its status alone: an injected one, or a path that does not exist. */
export interface PlainError {
  status: number;
  message: string;
}

/** What differs between the operations of the API, the token operation and paths that do not exist. */
export interface Endpoint {
  /** The operation; null on a path that does not exist. */
  readonly operation: string | null;
  /** Whether an accepted request changes something, so that doing it twice is a duplicate. */
  readonly isDelivery: boolean;
  callerOf(headers: IncomingHttpHeaders, body: unknown): Caller;
  conversationOf(body: unknown): string | null;
  answer(arrival: Arrival): Answer;
  /** An error in the shape of this host: the API's and the login host's differ. */
  errorAnswer(arrival: Arrival, error: PlainError): Answer;
}
