import { perTenant } from '../../per-tenant.ts';
import type { Author } from '../audits/audit-log.ts';
import { administratorIdOf } from '../organization/identities.ts';
import type { Configuration, Configurations } from './configurations.ts';
import type { ConfigurationFields } from './model.ts';

/** The call after which the other administrator acts. */
export const foreignMoments = ['read', 'write', 'publish'] as const;

/** The changes that the other administrator makes. */
export interface ForeignPlan {
  /** Absent: any configuration of the tenant. */
  configurationId?: string;
  /** Replaces these fields of the draft. */
  changes: Partial<ConfigurationFields>;
  /** A read of the draft, a PUT of the draft, or its publication. */
  after: (typeof foreignMoments)[number];
  /** How many calls are followed by a change. */
  times: number;
}

/** Another administrator of the same organization. It changes a draft between two calls of a client. */
export interface ForeignAdministrator {
  /** Replaces the plan of a tenant. */
  plan(tenant: string, plan: ForeignPlan): void;
  /** Call it after each call to a draft, once the answer has what the client sees. */
  after(moment: ForeignPlan['after'], configuration: Configuration, nowMs: number): void;
  /** Changes a draft at once. */
  change(configuration: Configuration, changes: Partial<ConfigurationFields>, nowMs: number): void;
}

export function createForeignAdministrator(configurations: Configurations): ForeignAdministrator {
  const planOf = perTenant((): { plan: ForeignPlan | null } => ({ plan: null }));

  function change(configuration: Configuration, changes: Partial<ConfigurationFields>, nowMs: number): void {
    const fields = { ...configuration.draft.fields, ...changes };
    configurations.write(configuration, fields, foreignAuthor(configuration.tenant), nowMs);
  }

  return {
    plan(tenant, plan) {
      planOf(tenant).plan = { ...plan };
    },
    after(moment, configuration, nowMs) {
      const { plan } = planOf(configuration.tenant);
      if (plan === null || plan.after !== moment || plan.times < 1) return;
      if (plan.configurationId !== undefined && plan.configurationId !== configuration.id) return;
      plan.times -= 1;
      change(configuration, plan.changes, nowMs);
    },
    change,
  };
}

function foreignAuthor(tenant: string): Author {
  return { user: { id: administratorIdOf(tenant), name: 'Foreign Administrator' } };
}
