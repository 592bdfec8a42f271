import { regionOfHost } from '../tenants/region.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { Widget } from './dialects/guest/shapes.ts';

/** The region if neither the widget nor the host names one (docs/guides.md#read-a-widget). */
const DEFAULT_REGION = 'us-east-1';

/** The name of a widget's region: the widget's own value, else the region of the tenant's host. */
export function environmentOf({ environment }: Widget, { hosts }: Tenant): string {
  return environment ?? regionOfHost(new URL(hosts.api).hostname) ?? DEFAULT_REGION;
}
