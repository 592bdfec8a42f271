import type { AuditRecords, Authorship } from '../audit/audit-records.ts';
import { perTenant } from '../per-tenant.ts';
import { type Configuration, DEFAULT_CONFIGURATION, keptConfiguration } from './configuration.ts';

/** An organization of one tenant. */
export interface Organization {
  readonly organizationId: string;
  /** It is 1 at first, and each change adds 1. */
  readonly version: number;
  readonly configuration: Configuration;
  readonly lastModifiedMs: number;
  /** Whether the tenant's client may read and write it. */
  readonly isAssigned: boolean;
  /** Whether it has a configuration of its own. If not, it has the default one. */
  readonly isConfigured: boolean;
}

/** The settings that a test may change. An absent one stays as it is. */
export interface OrganizationSettings {
  configuration?: Configuration;
  version?: number;
  isAssigned?: boolean;
}

/** The organizations of all tenants. Every id exists, with the default configuration at first. */
export interface Organizations {
  of(tenant: string, organizationId: string): Organization;
  /** Replaces the configuration. It adds 1 to the version, and an audit record. */
  change(
    tenant: string,
    organizationId: string,
    configuration: Configuration,
    authorship: Authorship,
  ): Organization;
  /** Sets an organization for a test. It adds no audit record. */
  set(tenant: string, organizationId: string, settings: OrganizationSettings, atMs: number): Organization;
  /** The organizations that were changed or set, in the order of their first change. */
  touched(tenant: string): Organization[];
}

/** Organizations without changes since `startedAtMs`. Each change adds an audit record. */
export function createOrganizations(auditRecords: AuditRecords, startedAtMs: number): Organizations {
  const touchedOf = perTenant(() => new Map<string, Organization>());

  const of = (tenant: string, organizationId: string): Organization =>
    touchedOf(tenant).get(organizationId) ?? untouched(organizationId, startedAtMs);

  function keep(tenant: string, organization: Organization): Organization {
    touchedOf(tenant).set(organization.organizationId, organization);
    return organization;
  }

  return {
    of,
    change(tenant, organizationId, configuration, authorship) {
      const before = of(tenant, organizationId);
      const version = before.version + 1;
      auditRecords.note(
        tenant,
        {
          action: 'webchat:configuration:update',
          organizationId,
          entityType: 'webchatConfiguration',
          entityId: organizationId,
          version,
        },
        authorship,
      );
      return keep(tenant, {
        ...before,
        version,
        configuration: keptConfiguration(configuration),
        lastModifiedMs: authorship.atMs,
        isConfigured: true,
      });
    },
    set(tenant, organizationId, { configuration, version, isAssigned }, atMs) {
      const before = of(tenant, organizationId);
      return keep(tenant, {
        organizationId,
        version: version ?? before.version,
        configuration: configuration === undefined ? before.configuration : keptConfiguration(configuration),
        lastModifiedMs: configuration === undefined ? before.lastModifiedMs : atMs,
        isAssigned: isAssigned ?? before.isAssigned,
        isConfigured: before.isConfigured || configuration !== undefined,
      });
    },
    touched: (tenant) => [...touchedOf(tenant).values()],
  };
}

function untouched(organizationId: string, startedAtMs: number): Organization {
  return {
    organizationId,
    version: 1,
    configuration: DEFAULT_CONFIGURATION,
    lastModifiedMs: startedAtMs,
    isAssigned: true,
    isConfigured: false,
  };
}
