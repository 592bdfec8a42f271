import type { Issue } from '../core/issues.ts';
import { eventName, type MessageEvent } from './message-event.ts';
import { formOf, ROUTES, type Route, routeIssue, routeOf, type TenantRoutes } from './routes.ts';

/** Fields that only routes of the platform have a place for. */
interface OfRoutes {
  readonly route?: Route | undefined;
  readonly communicationId?: string | undefined;
}

/** The parts of a message that a route may have no place for. */
interface Parts extends OfRoutes {
  readonly attachments: readonly unknown[];
  readonly event?: MessageEvent | undefined;
  readonly customAttributes?: Readonly<Record<string, string>> | undefined;
}

/** What the tenant cannot do, with words that say what to do. */
export function unavailable(path: string, message: string): Issue {
  return { path, message, code: 'CAPABILITY_UNAVAILABLE' };
}

/** Why the tenant cannot send a message as it is. @param message checked against the contract. */
export function messageIssues(message: Parts, tenant: TenantRoutes): Issue[] {
  const { route, communicationId, event, customAttributes } = message;
  if (tenant.dialect === 'guest') {
    return guestIssues({ route, communicationId, event, customAttributes });
  }
  const issues = routeIssues(message, tenant);
  if (issues.length > 0) return issues;
  return [...communicationIssues(message, tenant), ...placeIssues(message, tenant)];
}

/** Fields that the dialect `guest` has no place for. */
export function guestIssues(fields: Readonly<Record<string, unknown>>): Issue[] {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name]) =>
      unavailable(name, 'expected no such field: only tenants of the dialect platform have a place for it'),
    );
}

/** A message needs a route, and the settings of this route. */
export function routeIssues({ route: own }: OfRoutes, tenant: TenantRoutes): Issue[] {
  const route = routeOf(tenant, own);
  if (route === undefined) {
    const names = ROUTES.join(', ');
    return [unavailable('route', `expected ${names}, here or in platform.route of the tenant`)];
  }
  const issue = routeIssue(tenant.platform, route);
  return issue === undefined ? [] : [unavailable('route', issue)];
}

/** The communication of an agent belongs to the route `conversation`, and to no other. */
export function communicationIssues(
  { route: own, communicationId }: OfRoutes,
  tenant: TenantRoutes,
): Issue[] {
  const route = routeOf(tenant, own);
  if (route === 'conversation' && communicationId === undefined) {
    const message = 'expected the communication of the agent, which the route conversation sends with';
    return [{ path: 'communicationId', message }];
  }
  if (route === 'conversation' || communicationId === undefined) return [];
  return [unavailable('communicationId', `expected no such field: ${noPlace(route)}`)];
}

/** Files, events and attributes, each of which some routes have a place for. */
function placeIssues(message: Parts, tenant: TenantRoutes): Issue[] {
  const { attachments, event, customAttributes } = message;
  const route = routeOf(tenant, message.route);
  const form = formOf(tenant, message.route);
  const issues: Issue[] = [];
  if (attachments.length > 0 && form.attachments === 0) {
    issues.push(unavailable('attachments', `expected none: ${noPlace(route)}`));
  }
  const named = event && eventName(event);
  if (named !== undefined && !form.events.includes(named)) {
    issues.push(unavailable(`event.${named}`, `expected no such event: ${noPlace(route)}`));
  }
  if (customAttributes !== undefined && !form.hasAttributes) {
    issues.push(unavailable('customAttributes', `expected none: ${noPlace(route)}`));
  }
  return issues;
}

function noPlace(route: Route | undefined): string {
  return `the route ${route} has no place for it`;
}
