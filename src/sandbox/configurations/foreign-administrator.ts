import { perTenant } from '../per-tenant.ts';
import { type Configuration, mergeConfiguration } from './configuration.ts';
import type { Organizations } from './organizations.ts';

/** The client id in the audit records of the foreign administrator. */
export const FOREIGN_CLIENT_ID = 'foreign-administrator';

/** The changes that the foreign administrator makes. */
export interface ForeignPlan {
  /** Merged into the configuration each time. */
  changes: Configuration;
  /** The number of reads of one organization that are followed by a change. 0: no change. */
  times: number;
}

/**
 * Another administrator of the same organizations. It changes a configuration between a read and
 * the write that follows, so that this write meets a conflict.
 */
export interface ForeignAdministrator {
  /** Sets the plan of one organization. Without an id it replaces all plans of the tenant. */
  plan(tenant: string, organizationId: string | undefined, plan: ForeignPlan): void;
  /** Call it after each read, once the answer has the configuration. */
  afterRead(tenant: string, organizationId: string, atMs: number): void;
}

interface RunningPlan extends ForeignPlan {
  /** Each organization has its own count. */
  readonly timesByOrganization: Map<string, number>;
}

export function createForeignAdministrator(organizations: Organizations): ForeignAdministrator {
  // The key null holds the plan for all organizations.
  const plansOf = perTenant(() => new Map<string | null, RunningPlan>());

  return {
    plan(tenant, organizationId, plan) {
      const plans = plansOf(tenant);
      if (organizationId === undefined) plans.clear();
      plans.set(organizationId ?? null, { ...plan, timesByOrganization: new Map() });
    },
    afterRead(tenant, organizationId, atMs) {
      const plans = plansOf(tenant);
      const plan = plans.get(organizationId) ?? plans.get(null);
      if (plan === undefined) return;
      const times = plan.timesByOrganization.get(organizationId) ?? 0;
      if (times >= plan.times) return;
      plan.timesByOrganization.set(organizationId, times + 1);
      const { configuration } = organizations.of(tenant, organizationId);
      const changed = mergeConfiguration(configuration, plan.changes);
      organizations.change(tenant, organizationId, changed, { clientId: FOREIGN_CLIENT_ID, atMs });
    },
  };
}
