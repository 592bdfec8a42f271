import type { AuditRecords } from './audit/audit-records.ts';
import type { ForeignAdministrator } from './configurations/foreign-administrator.ts';
import type { Organizations } from './configurations/organizations.ts';
import type { Replications } from './configurations/replications.ts';
import type { Sessions } from './conversations/sessions.ts';
import type { OperationClass } from './login/clients.ts';
import type { OperationHandler } from './requests/arrival.ts';
import type { Deployments } from './webmessaging/deployments.ts';
import type { Widgets } from './webmessaging/widgets.ts';

/** The state that operations share. */
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
  /** In the notation of Fastify's router: a parameter is `:name`. */
  path: string;
  /** The scope that a token needs. */
  scope: string;
  /** The class whose bucket a request takes a token from. Null: no rate limit. */
  bucket: OperationClass | null;
  /** Whether an accepted request changes something. Its repetition is then a duplicate. */
  isDelivery: boolean;
  /** The conversation of a request, read from a body that is not checked yet. */
  conversationOf(body: unknown): string | null;
  /** Creates the handler with an empty memory. A reset calls it again. */
  create(state: OperationState): OperationHandler;
}
