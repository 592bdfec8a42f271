import type { AuditRecord } from '../../src/sandbox/audit/audit-records.ts';
import type { ForeignPlan } from '../../src/sandbox/configurations/foreign-administrator.ts';
import type { OrganizationSettings } from '../../src/sandbox/configurations/organizations.ts';
import type { ReplicationSettings } from '../../src/sandbox/configurations/replications.ts';
import type { ShownOrganization } from '../../src/sandbox/control/configuration-control.ts';
import type { FaultPlan } from '../../src/sandbox/faults/faults.ts';
import type { ShownRequest } from '../../src/sandbox/observe/request-log.ts';
import { openSandbox, type SandboxOptions, type SandboxStats } from '../../src/sandbox/server.ts';
import type { Deployment } from '../../src/sandbox/webmessaging/deployments.ts';
import { onEnd } from './lifetime.ts';

/** A sandbox with short methods for its control interface. */
export interface TestSandbox {
  readonly url: string;
  stats(): SandboxStats;
  /** Replaces all faults. */
  inject(plan: FaultPlan): Promise<void>;
  /** Its requests, the oldest first. */
  requests(operation?: string, tenant?: string): Promise<ShownRequest[]>;
  revokeTokens(tenant: string): Promise<void>;
  endSession(tenant: string, conversationId: string): Promise<void>;
  /** The answer to a tenant's requests for a widget from now on. */
  setWidget(tenant: string, widgetId: string, widget: unknown): Promise<void>;
  /** Sets an organization without an audit record. Absent settings stay. */
  setOrganization(organization: OrganizationSettings & InTenant & { organizationId: string }): Promise<void>;
  /** Every organization that was changed or set. */
  organizations(tenant: string): Promise<ShownOrganization[]>;
  /**
   * Another administrator changes a configuration after each of the next `times` reads, of any
   * organization without an id.
   */
  setForeignAdministrator(plan: ForeignPlan & InTenant & { organizationId?: string }): Promise<void>;
  /** The duration of replications and the targets that fail. Without a tenant, for all. */
  setReplication(settings: ReplicationSettings & Partial<InTenant>): Promise<void>;
  /** The delay before audit records are visible. Without a tenant, for all. */
  setAuditDelay(delayMs: number, tenant?: string): Promise<void>;
  /** Adds an audit record unchanged. The sandbox checks its time stamp only. */
  addAuditRecord(tenant: string, record: AuditRecord): Promise<void>;
  /** All audit records, visible or not, the oldest first. Each accepted change has one. */
  auditRecords(tenant: string): Promise<AuditRecord[]>;
  /** All deployments, the oldest first. */
  deployments(tenant: string): Promise<Deployment[]>;
  /** Sets a deployment without an audit record. */
  setDeployment(tenant: string, deployment: Deployment): Promise<void>;
  /** Calls the control interface of the dialect `platform`, such as `GET`, `/messages?tenant=acme`. */
  platform(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Removes all data and settings. Tokens stay valid. */
  reset(): Promise<void>;
}

interface InTenant {
  tenant: string;
}

/** Opens a sandbox that closes at the end of the test or file. */
export async function openTestSandbox(options: SandboxOptions = {}): Promise<TestSandbox> {
  const sandbox = await openSandbox(options);
  onEnd(() => sandbox.close());

  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const response = await fetch(`${sandbox.url}/__sandbox${path}`, init);
    if (!response.ok) throw new Error(`The sandbox refused ${method} ${path}: ${await response.text()}`);
    return await response.json();
  };
  const list = (path: string, tenant: string) => control('GET', `${path}?${new URLSearchParams({ tenant })}`);
  return {
    url: sandbox.url,
    stats: sandbox.stats,
    async inject(plan) {
      await control('PUT', '/faults', plan);
    },
    async requests(operation, tenant) {
      const query = new URLSearchParams({ limit: '10000' });
      if (operation !== undefined) query.set('operation', operation);
      if (tenant !== undefined) query.set('tenant', tenant);
      return ((await control('GET', `/requests?${query}`)) as ShownRequest[]).reverse();
    },
    async revokeTokens(tenant) {
      await control('POST', '/tokens/revoke', { tenant });
    },
    async endSession(tenant, conversationId) {
      await control('POST', '/sessions/end', { tenant, conversationId });
    },
    async setWidget(tenant, widgetId, widget) {
      await control('PUT', '/widgets', { tenant, widgetId, widget });
    },
    async setOrganization(organization) {
      await control('PUT', '/organizations', organization);
    },
    async organizations(tenant) {
      return (await list('/organizations', tenant)) as ShownOrganization[];
    },
    async setForeignAdministrator(plan) {
      await control('PUT', '/foreign-administrator', plan);
    },
    async setReplication(settings) {
      await control('PUT', '/replication', settings);
    },
    async setAuditDelay(delayMs, tenant) {
      await control('PUT', '/audit', { delayMs, ...(tenant !== undefined && { tenant }) });
    },
    async addAuditRecord(tenant, record) {
      await control('POST', '/audit/records', { tenant, record });
    },
    async auditRecords(tenant) {
      return (await list('/audit/records', tenant)) as AuditRecord[];
    },
    async deployments(tenant) {
      return (await list('/deployments', tenant)) as Deployment[];
    },
    async setDeployment(tenant, deployment) {
      await control('PUT', '/deployments', { tenant, deployment });
    },
    platform: (method, path, body) => control(method, `/platform${path}`, body),
    async reset() {
      await control('POST', '/reset');
    },
  };
}
