import { randomUUID } from 'node:crypto';
import { type AuditLog, type Author, propertyChangesOf } from '../audits/audit-log.ts';
import type { SettingsHolder } from '../settings.ts';
import type { DeploymentFields } from './model.ts';

/** A deployment with the times that decide what a client sees of it. */
export interface Deployment {
  readonly id: string;
  readonly tenant: string;
  /** False for one that the sandbox has by itself: lists leave it out, and its id finds it. */
  readonly isListed: boolean;
  fields: DeploymentFields;
  /** How it finds the contact of a guest, as a client wrote it. */
  identityResolution: object;
  readonly createdAtMs: number;
  modifiedAtMs: number;
  /** Before this time it is 404. */
  readonly visibleAtMs: number;
  /** Before this time it is `Pending`. */
  activeAtMs: number;
  deletedAtMs: number | null;
  author: Author;
}

/** What a client sees of the state of a deployment. */
export type DeploymentStatus = 'Pending' | 'Active' | 'Inactive' | 'Deleting';

/** The deployments of all tenants. Every change leaves an audit record. */
export interface Deployments {
  /** The listed deployments that can be seen by now, the oldest first. */
  visible(tenant: string, nowMs: number): Deployment[];
  /** All listed deployments, also those that cannot be seen yet or any more. */
  all(tenant: string): Deployment[];
  /** The deployments of all tenants that can be seen by now, also those that no list has. */
  everyVisible(nowMs: number): Deployment[];
  /** Whether a deployment that is not deleted is pinned to a version of a configuration. */
  useConfiguration(configurationId: string): boolean;
  /** Undefined while it cannot be seen. */
  find(tenant: string, id: string, nowMs: number): Deployment | undefined;
  /** A deployment of any tenant: a guest's browser knows its id and no tenant. */
  findOfAnyTenant(id: string, nowMs: number): Deployment | undefined;
  create(tenant: string, fields: DeploymentFields, author: Author, nowMs: number): Deployment;
  write(deployment: Deployment, fields: DeploymentFields, author: Author, nowMs: number): void;
  remove(deployment: Deployment, author: Author, nowMs: number): void;
  /** Adds a deployment that is visible and active at once, without an audit record. */
  seed(tenant: string, id: string, fields: DeploymentFields, nowMs: number, isListed?: boolean): Deployment;
}

/** A store without deployments. Time alone changes what can be seen; it has no timer. */
export function createPlatformDeployments(settings: SettingsHolder, audits: AuditLog): Deployments {
  const byId = new Map<string, Deployment>();

  function isVisible({ visibleAtMs, deletedAtMs }: Deployment, nowMs: number): boolean {
    const { deletingForMs } = settings.current.deployments;
    return nowMs >= visibleAtMs && (deletedAtMs === null || nowMs < deletedAtMs + deletingForMs);
  }

  function ofTenant(tenant: string): Deployment[] {
    return [...byId.values()].filter((each) => each.tenant === tenant && each.isListed);
  }

  function findOfAnyTenant(id: string, nowMs: number): Deployment | undefined {
    const found = byId.get(id);
    return found !== undefined && isVisible(found, nowMs) ? found : undefined;
  }

  function note(
    { tenant, id, fields }: Deployment,
    action: 'create' | 'update' | 'delete',
    author: Author,
    nowMs: number,
    before: object = fields,
  ): void {
    const propertyChanges = propertyChangesOf(before, fields);
    const entity = { id, name: fields.name };
    audits.note(tenant, { kind: 'deployment', action, entity, propertyChanges }, author, nowMs);
  }

  return {
    visible: (tenant, nowMs) => ofTenant(tenant).filter((each) => isVisible(each, nowMs)),
    all: ofTenant,
    everyVisible: (nowMs) => [...byId.values()].filter((each) => isVisible(each, nowMs)),
    useConfiguration: (configurationId) =>
      [...byId.values()].some(
        ({ fields, deletedAtMs }) => deletedAtMs === null && fields.configuration.id === configurationId,
      ),
    find(tenant, id, nowMs) {
      const found = findOfAnyTenant(id, nowMs);
      return found?.tenant === tenant ? found : undefined;
    },
    findOfAnyTenant,
    create(tenant, fields, author, nowMs) {
      const { notFoundForMs, pendingForMs } = settings.current.deployments;
      const deployment = {
        ...newDeployment(tenant, randomUUID(), fields, author, nowMs),
        visibleAtMs: nowMs + notFoundForMs,
        activeAtMs: nowMs + pendingForMs,
      };
      byId.set(deployment.id, deployment);
      note(deployment, 'create', author, nowMs, {});
      return deployment;
    },
    write(deployment, fields, author, nowMs) {
      const before = deployment.fields;
      deployment.fields = fields;
      deployment.author = author;
      deployment.modifiedAtMs = Math.max(nowMs, deployment.modifiedAtMs + 1);
      deployment.activeAtMs = nowMs + settings.current.deployments.pendingForMs;
      note(deployment, 'update', author, nowMs, before);
    },
    remove(deployment, author, nowMs) {
      deployment.deletedAtMs ??= nowMs;
      note(deployment, 'delete', author, nowMs);
    },
    seed(tenant, id, fields, nowMs, isListed = true) {
      const deployment = { ...newDeployment(tenant, id, fields, {}, nowMs), isListed };
      byId.set(id, deployment);
      return deployment;
    },
  };
}

/** The state of a deployment by now. */
export function statusOf({ fields, activeAtMs, deletedAtMs }: Deployment, nowMs: number): DeploymentStatus {
  if (deletedAtMs !== null) return 'Deleting';
  if (nowMs < activeAtMs) return 'Pending';
  return fields.status === 'Inactive' ? 'Inactive' : 'Active';
}

function newDeployment(
  tenant: string,
  id: string,
  fields: DeploymentFields,
  author: Author,
  nowMs: number,
): Deployment {
  return {
    id,
    tenant,
    isListed: true,
    identityResolution: { resolveIdentities: false },
    fields,
    author,
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
    visibleAtMs: nowMs,
    activeAtMs: nowMs,
    deletedAtMs: null,
  };
}
