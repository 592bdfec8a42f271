import { type ErrorCode, toCodedError } from '../core/errors.ts';
import type { JobKind } from '../jobs/catalog.ts';
import { type Route, routeIssue } from '../jobs/routes.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { GenesysClient } from './client.ts';
import {
  type Ask,
  diagnoseGuests,
  type GuestsDiagnosis,
  guestIssues,
  unlessRefused,
} from './diagnose-guests.ts';
import { type KindNeeds, NEEDS } from './dialects/platform/needs.ts';
import {
  type GrantedPermissions,
  isGranted,
  readLimits,
  readOwnPermissions,
  readToken,
} from './dialects/platform/organization.ts';
import type { Permissions } from './operation.ts';

/** What Genesys Cloud says about one tenant. */
export interface Diagnosis {
  readonly tenantId: string;
  readonly dialect: Tenant['dialect'];
  /** Why the tenant cannot log in, or why Genesys Cloud did not answer; null if all is well. */
  readonly error: { readonly code: ErrorCode; readonly message: string } | null;
  /** Of the dialect `platform`. */
  readonly organization?: { readonly id: string; readonly name: string | null };
  /** Requests per minute of one token: what the organization has, and what the tenants file says. */
  readonly requestsPerMinute?: { readonly ofOrganization: number | null; readonly ofFile: number };
  /** The deployment and the limits of the route `webmessaging`, if the tenant has it. */
  readonly guests?: GuestsDiagnosis;
  /** What each kind of job may do; of the dialect `platform`. */
  readonly kinds?: readonly KindDiagnosis[];
}

export interface KindDiagnosis {
  readonly kind: JobKind;
  readonly route?: Route;
  /** Whether the tenants file has the settings of the route. */
  readonly isSet: boolean;
  /** The permissions that the roles of the client lack. A list has alternatives. */
  readonly missing: readonly string[];
  /** Sentences about what else the route lacks. */
  readonly issues: readonly string[];
}

/** The limit of the organization that bounds one token (namespace `platform.api`). */
const TOKEN_RATE = 'client.credentials.token.rate.per.minute';

/**
 * Asks Genesys Cloud who a tenant's client is, what its roles allow, and which limits hold. It
 * changes nothing, and never throws for an answer of Genesys Cloud.
 */
export async function diagnose(genesys: GenesysClient, tenant: Tenant): Promise<Diagnosis> {
  const found = { tenantId: tenant.id, dialect: tenant.dialect };
  try {
    await genesys.prepare(tenant);
    if (tenant.dialect === 'guest') return { ...found, error: null };
    return { ...found, error: null, ...(await diagnosePlatform(genesys, tenant)) };
  } catch (thrown) {
    const { code, message } = toCodedError(thrown);
    return { ...found, error: { code, message } };
  }
}

async function diagnosePlatform(
  genesys: GenesysClient,
  tenant: Tenant,
): Promise<Pick<Diagnosis, 'organization' | 'requestsPerMinute' | 'guests' | 'kinds'>> {
  const ask: Ask = (operation, input) => genesys.call(tenant, operation, input, { requestId: 'doctor' });
  const { organizationId, organizationName } = await ask(readToken, undefined);
  const granted = await ask(readOwnPermissions, undefined);
  const limits = await ask(readLimits, { namespace: 'platform.api' }).catch(unlessRefused);
  const guests = await diagnoseGuests(ask, tenant);
  return {
    organization: { id: organizationId, name: organizationName ?? null },
    requestsPerMinute: {
      ofOrganization: limits?.get(TOKEN_RATE) ?? null,
      ofFile: tenant.limits.platform.ratePerSecond * 60,
    },
    ...(guests && { guests }),
    kinds: NEEDS.map((needs) => ({
      ...diagnoseKind(needs, granted, tenant),
      issues: guests && needs.route === 'webmessaging' ? guestIssues(guests) : [],
    })),
  };
}

function diagnoseKind({ kind, route, operations }: KindNeeds, granted: GrantedPermissions, tenant: Tenant) {
  return {
    kind,
    ...(route && { route }),
    isSet: route === undefined || routeIssue(tenant.platform, route) === undefined,
    missing: [...new Set(operations.flatMap(({ permissions }) => missingOf(permissions, granted)))],
  };
}

function missingOf(permissions: Permissions | undefined, granted: GrantedPermissions): string[] {
  const { names, any } = permissions ?? { names: [] };
  const missing = names.filter((name) => !isGranted(name, granted));
  if (!any) return missing;
  return missing.length < names.length ? [] : [names.join(' or ')];
}
