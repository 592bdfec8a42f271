import type { Card } from '../../content/card/card.ts';
import type { DeploymentBody } from '../../content/configuration/deployment.ts';
import type { Tree } from '../../content/json/tree.ts';
import type { MessageTransmission } from '../../jobs/message-transmission.ts';

/**
 * One operation of Genesys Cloud: its path, its scope, and the mapping between our fields and its
 * fields. The client does the rest.
 */
export interface Operation<Input, Output> {
  /** Name in logs, metrics and messages. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** OAuth scope. Without it Genesys Cloud answers 403. */
  readonly scope: string;
  /** Statuses besides 2xx that are no failure. */
  readonly accepts?: readonly number[];
  /** A POST that changes nothing. It may be sent again after any failure. */
  readonly isQuery?: true;
  /**
   * The messages of a 422's field errors become details of the error. This is allowed if an
   * operator wrote the content, because the messages then cannot quote a customer.
   */
  readonly reportsReasons?: boolean;
  /** Headers besides the common ones. */
  headers?(input: Input): Readonly<Record<string, string>>;
  path(input: Input): string;
  /** Body of the request; undefined for a request without a body. `now` is for time stamps. */
  body(input: Input, now: Date): unknown;
  /**
   * Reads an answer of 2xx, or of an accepted status. If the request delivers something, this must
   * not throw on an unexpected body: an error here would send the request again.
   */
  read(answer: unknown, status: number): Output;
}

export interface SentMessage {
  /** Id that Genesys Cloud gave the message; null if the answer had no id. */
  readonly messageId: string | null;
}

/** A card and its conversation. */
export interface AddressedCard {
  readonly conversationId: string;
  readonly card: Card;
}

export interface Session {
  readonly open: boolean;
}

/** The fields of a widget that embedding needs. */
export interface Widget {
  readonly id: string;
  /** Name of its region, such as us-east-1; null if the answer does not say it. */
  readonly environment: string | null;
  /** Names of the features that its configuration enables, unchecked. */
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

/**
 * The result of a write. `conflict`: another program wrote first, and nothing was written. The
 * version is the present one; null if it is unknown.
 */
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
  /** The reason that Genesys Cloud gives, shortened to one line. */
  readonly error: string | null;
}

/** The progress of a replication. */
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

/** One audit record of Genesys Cloud. */
export interface AuditRecord {
  readonly id: string;
  /** ISO 8601, UTC, with milliseconds. */
  readonly timestamp: string;
  readonly action: string;
  readonly organizationId: string | null;
  readonly status: string | null;
  /** All other fields of the record. */
  readonly details: Tree;
}

export interface AuditPage {
  readonly records: readonly AuditRecord[];
  /** Number of unusable entries: without id, time or action, or with too deep details. */
  readonly unreadable: number;
  /** Number of records on all pages; null if the answer does not say it. */
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
  /** Null if the answer does not say it. */
  readonly pageCount: number | null;
}

/** Whether sending the operation twice may do something twice. */
export function changesSomething({
  method,
  isQuery,
}: Pick<Operation<never, unknown>, 'method' | 'isQuery'>): boolean {
  return method !== 'GET' && isQuery !== true;
}

/** The operations that a tenant's organization offers. */
export interface Dialect {
  /** Scopes that each token is requested with. */
  readonly scopes: readonly string[];
  readonly sendMessage: Operation<MessageTransmission, SentMessage>;
  readonly sendCard: Operation<AddressedCard, SentMessage>;
  readonly readSession: Operation<{ sessionId: string }, Session>;
  readonly readWidget: Operation<{ widgetId: string }, Widget>;
  readonly readConfiguration: Operation<{ organizationId: string }, VersionedConfiguration>;
  readonly writeConfiguration: Operation<ConfigurationWrite, ConfigurationWritten>;
  /** The id names the replication in `readReplication`; null if the answer had no id. */
  readonly replicate: Operation<ReplicationRequest, { readonly replicationId: string | null }>;
  readonly readReplication: Operation<{ replicationId: string }, Replication>;
  readonly queryAudit: Operation<AuditQuery, AuditPage>;
  /** Pages count from 1. */
  readonly listDeployments: Operation<{ pageNumber: number; pageSize: number }, DeploymentPage>;
  readonly readDeployment: Operation<{ id: string }, Deployment>;
  /** Create and update return the id; null if the answer had no id. */
  readonly createDeployment: Operation<DeploymentBody, { readonly id: string | null }>;
  readonly updateDeployment: Operation<Deployment, { readonly id: string | null }>;
  /** Path of the script that a page loads to show the widget. */
  widgetScriptPath(widgetId: string): string;
}
