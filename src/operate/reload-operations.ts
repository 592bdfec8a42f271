import type { Details } from '../audit/record.ts';
import type { ReloadResult, Reloads } from '../runtime/reloads.ts';
import type { TenantRegistry, TenantsReload } from '../tenants/registry.ts';
import { defineOperation, type Target } from './operation.ts';

interface ReloadParts<Way extends keyof Reloads> {
  readonly reloads: Pick<Reloads, Way>;
  readonly tenants: TenantRegistry;
}

const INSTALLATION: Target = { subject: 'tenants', tenants: 'all' };

/** A reload of the tenants file in all processes. */
export function reloadOperations({ reloads, tenants }: ReloadParts<'everywhere'>) {
  return {
    reloadTenants: defineOperation<void, Target, ReloadResult>({
      action: 'tenants.reloaded',
      find: () => INSTALLATION,
      async perform() {
        const result = await reloads.everywhere();
        const details = { ...countsOf(result, tenants), processes: result.processes.length };
        return { status: 'done', result, details };
      },
    }),
  };
}

/** A reload of this process alone, for a signal. */
export function signalOperations({ reloads, tenants }: ReloadParts<'here'>) {
  return {
    reloadHere: defineOperation<void, Target, TenantsReload>({
      action: 'tenants.reloaded',
      find: () => INSTALLATION,
      async perform() {
        const result = await reloads.here();
        return { status: 'done', result, details: countsOf(result, tenants) };
      },
    }),
  };
}

function countsOf({ issues }: TenantsReload, tenants: TenantRegistry): Details {
  return { tenants: tenants.ids().length, issues: issues.length };
}
