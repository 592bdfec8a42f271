import type { Card } from '../../../content/card/card.ts';
import type { Tree } from '../../../content/json/tree.ts';

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
