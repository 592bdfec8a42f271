import { perTenant } from '../per-tenant.ts';
import { type Configuration, mergeConfiguration } from './configuration.ts';
import type { Organizations } from './organizations.ts';

/** The client that audit records name for the changes of the other administrator. */
export const FOREIGN_CLIENT_ID = 'foreign-administrator';

/** What the other administrator is going to do. */
export interface ForeignPlan {
  /** Laid over the configuration each time. */
  changes: Configuration;
  /** After how many reads of one organization; 0 leaves it in peace. */
  times: number;
}

/** Somebody else who works on the same organizations, always between a read and the write that follows it. */
export interface ForeignAdministrator {
  /** Plans for one organization, or without one for all, which replaces every other plan of the tenant. */
  plan(tenant: string, organizationId: string | undefined, plan: ForeignPlan): void;
  /** To be told of each read once its answer is made. */
  afterRead(tenant: string, organizationId: string, atMs: number): void;
}

interface RunningPlan extends ForeignPlan {
  /** Each organization counts for itself. */
  readonly timesByOrganization: Map<string, number>;
}

export function createForeignAdministrator(organizations: Organizations): ForeignAdministrator {
  // The plan for all organizations stands under null.
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
