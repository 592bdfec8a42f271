import type { IncomingHttpHeaders } from 'node:http';
import type { AuditRecords } from './audit/audit-records.ts';
import type { ForeignAdministrator } from './configurations/foreign-administrator.ts';
import type { Organizations } from './configurations/organizations.ts';
import type { Replications } from './configurations/replications.ts';
import type { Sessions } from './conversations/sessions.ts';
import type { OperationClass, SandboxClient } from './login/clients.ts';
import type { Token } from './login/tokens.ts';
import type { CounterName } from './observe/stats.ts';
import type { Deployments } from './webmessaging/deployments.ts';
import type { Widgets } from './webmessaging/widgets.ts';

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

/** What operations share. */
export interface OperationState {
  readonly now: () => number;
  readonly sessions: Sessions;
  readonly widgets: Widgets;
  readonly organizations: Organizations;
  readonly foreignAdministrator: ForeignAdministrator;
  readonly replications: Replications;
  readonly deployments: Deployments;
  readonly auditRecords: AuditRecords;
}

/** One row of the table of operations. */
export interface Operation {
  name: string;
  method: 'GET' | 'POST' | 'PUT';
  /** As Fastify's router writes paths: a parameter is `:name`. */
  path: string;
  /** The scope that a token needs. */
  scope: string;
  /** The class whose bucket a request takes its token from; null: not limited. */
  bucket: OperationClass | null;
  /** Whether an accepted request changes something, so that doing it twice is a duplicate. */
  isDelivery: boolean;
  /** The conversation that a body, not yet checked, names. */
  conversationOf(body: unknown): string | null;
  /** Makes the handler with whatever it remembers; called again at a reset. */
  create(state: OperationState): OperationHandler;
}
