import { configurationOf, configurationRollout } from '../../support/guides/configuration.ts';
import { type Stage, setStage } from '../../support/stage.ts';
import type { SystemOptions } from '../../support/system.ts';

/** The kind of the jobs in these tests, unless a test names another. */
export const KIND = 'config-rollout';

export interface RolloutStage extends Stage {
  /** The configuration of an organization of the current tenant, with its version. */
  organization(organizationId: string): Promise<Configured>;
}

export interface Configured {
  readonly version: number;
  readonly configuration: Readonly<Record<string, unknown>>;
}

/**
 * The sample rollout. `fields` replaces fields of the rollout, and `configuration` those of its
 * configuration.
 */
export function rollout(fields: object = {}, configuration: Readonly<Record<string, unknown>> = {}): object {
  return configurationRollout({ configuration: configurationOf(configuration), ...fields });
}

/** Organizations with their own ids. */
export function organizations(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `org-${index + 1}`);
}

/** Prepares a test file. The parts are there once the tests run. */
export function setRolloutStage(options: Omit<SystemOptions, 'tenants'> = {}): RolloutStage {
  const stage = setStage({ ...options, kind: KIND, sample: (fields) => fields });
  return Object.assign(stage, {
    async organization(organizationId: string) {
      const all = await stage.system.sandbox.organizations(stage.tenantId);
      const found = all.find((each) => each.organizationId === organizationId);
      if (!found) throw new Error(`The sandbox was never asked for ${organizationId}`);
      return found;
    },
  });
}
