import { randomUUID } from 'node:crypto';
import type { AuditAction, AuditRecords, Authorship } from '../audit/audit-records.ts';
import { perTenant } from '../per-tenant.ts';

/** A Web Messaging deployment without its id, as a body describes it. Unknown fields stay. */
export interface DeploymentDescription extends Readonly<Record<string, unknown>> {
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A Web Messaging deployment. */
export interface Deployment extends DeploymentDescription {
  readonly id: string;
}

/** The deployments of all tenants. Ids are unique, names are not. */
export interface Deployments {
  /** All deployments of a tenant, the oldest first. */
  all(tenant: string): Deployment[];
  find(tenant: string, id: string): Deployment | undefined;
  /** Creates a deployment under a new id. */
  create(tenant: string, description: DeploymentDescription, authorship: Authorship): Deployment;
  /** Replaces the deployment of this id, or creates it. */
  put(tenant: string, id: string, description: DeploymentDescription, authorship: Authorship): Deployment;
  /** Sets a deployment for a test. It adds no audit record. */
  set(tenant: string, deployment: Deployment): void;
}

/** A store without deployments. It adds an audit record for each change. */
export function createDeployments(auditRecords: AuditRecords): Deployments {
  const deploymentsOf = perTenant(() => new Map<string, Deployment>());

  function put(
    tenant: string,
    id: string,
    description: DeploymentDescription,
    authorship: Authorship,
  ): Deployment {
    const deployment = { ...description, id };
    const action: AuditAction = deploymentsOf(tenant).has(id)
      ? 'webmessaging:deployment:update'
      : 'webmessaging:deployment:create';
    const change = { action, organizationId: null, entityType: 'webMessagingDeployment', entityId: id };
    auditRecords.note(tenant, change, authorship);
    deploymentsOf(tenant).set(id, deployment);
    return deployment;
  }

  return {
    all: (tenant) => [...deploymentsOf(tenant).values()],
    find: (tenant, id) => deploymentsOf(tenant).get(id),
    create: (tenant, description, authorship) => put(tenant, randomUUID(), description, authorship),
    put,
    set(tenant, deployment) {
      deploymentsOf(tenant).set(deployment.id, deployment);
    },
  };
}
