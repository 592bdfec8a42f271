import type { Card } from '../../content/card.ts';
import type { DeploymentBody } from '../../content/deployment.ts';
import type { Tree } from '../../content/tree.ts';
import type { MessageTransmission } from '../../jobs/message-transmission.ts';

/**
 * One operation of Genesys Cloud: where it is, what it needs, and how our words become its words. Data and
 * small mappers; the client does the rest.
 */
export interface Operation<Input, Output> {
  /** Name in logs, metrics and messages. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** OAuth scope without which Genesys Cloud answers 403. */
  readonly scope: string;
  /** Statuses besides 2xx that are an answer, and no failure. */
  readonly accepts?: readonly number[];
  /** A POST that only asks: it may be sent again, whatever became of it. */
  readonly isQuery?: true;
  /**
   * The messages of a 422's field errors become details of the error: what is sent was written by an operator, so that
   * none of them can quote a customer.
   */
  readonly tellsReasons?: boolean;
  /** Headers besides those that every request has. */
  headers?(input: Input): Readonly<Record<string, string>>;
  path(input: Input): string;
  /** Body of the request; undefined: none. `now` is for time stamps. */
  body(input: Input, now: Date): unknown;
  /**
   * What we take from an answer of 2xx, or of a status that is accepted. Must not fail on an unexpected body where the request delivered something: it
   * was accepted, and a failure here would send it again.
   */
  read(answer: unknown, status: number): Output;
}

export interface SentMessage {
  /** Id that Genesys Cloud gave the message; null when its answer had none. */
  readonly messageId: string | null;
}

/** A card on its way to a conversation. */
export interface AddressedCard {
  readonly conversationId: string;
  readonly card: Card;
}

export interface Session {
  readonly open: boolean;
}

/** What embedding needs to know of a widget. */
export interface Widget {
  readonly id: string;
  /** Name of its region, such as us-east-1; null when the answer does not say. */
  readonly environment: string | null;
  /** Names of what its configuration has switched on, as they came. */
  readonly features: readonly unknown[];
}

/** The configuration of an organization, and the version that a write must name. */
export interface VersionedConfiguration {
  readonly version: number;
  readonly configuration: Tree;
}

export interface ConfigurationWrite extends VersionedConfiguration {
  readonly organizationId: string;
}

/** Conflict: somebody else was first, and nothing was written. The version is the present one, or null: unknown. */
export interface ConfigurationWritten {
  readonly status: 'written' | 'conflict';
  readonly version: number | null;
}

export interface ReplicationRequest {
  readonly sourceOrganizationId: string;
  readonly targetOrganizationIds: readonly string[];
  readonly overwriteExisting: boolean;
}

export const REPLICATION_STATUSES = ['queued', 'running', 'completed', 'partial', 'failed'] as const;
export const TARGET_STATUSES = ['pending', 'active', 'failed'] as const;

export interface ReplicationTarget {
  readonly organizationId: string;
  readonly status: (typeof TARGET_STATUSES)[number];
  /** What Genesys Cloud says went wrong; on one line, and short. */
  readonly error: string | null;
}

/** How far a replication is. */
export interface Replication {
  readonly status: (typeof REPLICATION_STATUSES)[number];
  readonly targets: readonly ReplicationTarget[];
}

export interface AuditQuery {
  readonly organizationIds: readonly string[];
  readonly actions: readonly string[];
  /** ISO 8601, as `to`. */
  readonly from: string;
  readonly to: string;
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
}

/** One record of Genesys Cloud's own audit. */
export interface AuditRecord {
  readonly id: string;
  /** ISO 8601, UTC, with milliseconds. */
  readonly timestamp: string;
  readonly action: string;
  readonly organizationId: string | null;
  readonly status: string | null;
  /** Whatever else it says. */
  readonly details: Tree;
}

export interface AuditPage {
  readonly records: readonly AuditRecord[];
  /** Records of this page that are none: without an id, a time or an action, or with details without end. */
  readonly unreadable: number;
  /** Of all pages; null when the answer does not say. */
  readonly total: number | null;
  readonly pageCount: number | null;
}

export interface Deployment {
  readonly id: string;
  readonly name: string;
  readonly properties: Tree;
}

export interface DeploymentPage {
  readonly deployments: readonly Deployment[];
  /** Null when the answer does not say. */
  readonly pageCount: number | null;
}

/** Whether sending it twice may do something twice. */
export function changesSomething({
  method,
  isQuery,
}: Pick<Operation<never, unknown>, 'method' | 'isQuery'>): boolean {
  return method !== 'GET' && isQuery !== true;
}

/** The set of endpoints a tenant is spoken to with. */
export interface Dialect {
  /** Scopes asked for with each token. */
  readonly scopes: readonly string[];
  readonly sendMessage: Operation<MessageTransmission, SentMessage>;
  readonly sendCard: Operation<AddressedCard, SentMessage>;
  readonly readSession: Operation<{ sessionId: string }, Session>;
  readonly readWidget: Operation<{ widgetId: string }, Widget>;
  readonly readConfiguration: Operation<{ organizationId: string }, VersionedConfiguration>;
  readonly writeConfiguration: Operation<ConfigurationWrite, ConfigurationWritten>;
  /** The id to ask with; null when the answer had none. */
  readonly replicate: Operation<ReplicationRequest, { readonly replicationId: string | null }>;
  readonly readReplication: Operation<{ replicationId: string }, Replication>;
  readonly queryAudit: Operation<AuditQuery, AuditPage>;
  /** Pages count from 1. */
  readonly listDeployments: Operation<{ pageNumber: number; pageSize: number }, DeploymentPage>;
  readonly readDeployment: Operation<{ id: string }, Deployment>;
  /** Both tell the id; null when the answer had none. */
  readonly createDeployment: Operation<DeploymentBody, { readonly id: string | null }>;
  readonly updateDeployment: Operation<Deployment, { readonly id: string | null }>;
  /** Path of the script that a page loads to show the widget. */
  widgetScriptPath(widgetId: string): string;
}
