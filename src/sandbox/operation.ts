import type { AuditRecords } from './audit/audit-records.ts';
import type { ForeignAdministrator } from './configurations/foreign-administrator.ts';
import type { Organizations } from './configurations/organizations.ts';
import type { Replications } from './configurations/replications.ts';
import type { Sessions } from './conversations/sessions.ts';
import type { OperationClass } from './login/clients.ts';
import type { OperationHandler } from './requests/arrival.ts';
import type { Deployments } from './webmessaging/deployments.ts';
import type { Widgets } from './webmessaging/widgets.ts';

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
