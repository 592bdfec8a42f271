import { CodedError } from '../../src/core/errors.ts';
import { type Route, routeIssue, routeOf } from '../../src/jobs/routes.ts';
import type { Platform } from '../../src/tenants/platform.ts';
import type { Tenant } from '../../src/tenants/tenant.ts';

/** The settings of a route. @throws {CodedError} if the tenant has lost them. */
export function settingsOf<Name extends 'open' | 'agentless' | 'webmessaging'>(
  { platform }: Tenant,
  route: Name,
): NonNullable<Platform[Name]> {
  const settings = (platform as Platform)[route];
  if (settings) return settings;
  throw new CodedError('CAPABILITY_UNAVAILABLE', `route: ${routeIssue(platform, route)}`);
}

/** The route of a job. @throws {CodedError} if neither the job nor its tenant names one. */
export function requiredRoute(tenant: Tenant, own: Route | undefined): Route {
  const route = routeOf(tenant, own);
  if (route !== undefined) return route;
  throw new CodedError(
    'CAPABILITY_UNAVAILABLE',
    'route: expected one, here or in platform.route of the tenant',
  );
}
