import type { Tenant } from '../tenants/tenant.ts';
import type { Widget } from './dialects/guest/shapes.ts';

/** The regions of Genesys Cloud by their domains, from the list of the official SDK. */
const REGION_BY_DOMAIN: Readonly<Record<string, string>> = {
  'mypurecloud.com': 'us-east-1',
  'use2.us-gov-pure.cloud': 'us-east-2',
  'usw2.pure.cloud': 'us-west-2',
  'cac1.pure.cloud': 'ca-central-1',
  'mxc1.pure.cloud': 'mx-central-1',
  'sae1.pure.cloud': 'sa-east-1',
  'mypurecloud.ie': 'eu-west-1',
  'euw2.pure.cloud': 'eu-west-2',
  'mypurecloud.de': 'eu-central-1',
  'euc2.pure.cloud': 'eu-central-2',
  'edee1.eusc-pure.cloud': 'eusc-de-east-1',
  'mec1.pure.cloud': 'me-central-1',
  'aps1.pure.cloud': 'ap-south-1',
  'apse1.pure.cloud': 'ap-southeast-1',
  'mypurecloud.com.au': 'ap-southeast-2',
  'mypurecloud.jp': 'ap-northeast-1',
  'apne2.pure.cloud': 'ap-northeast-2',
  'apne3.pure.cloud': 'ap-northeast-3',
};

/** The region if neither the widget nor the host names one (docs/guides.md#read-a-widget). */
const DEFAULT_REGION = 'us-east-1';

/** The name of a widget's region: the widget's own value, else the region of the tenant's host. */
export function environmentOf({ environment }: Widget, { hosts }: Tenant): string {
  const domain = new URL(hosts.api).hostname.replace(/^api\./, '');
  return environment ?? REGION_BY_DOMAIN[domain] ?? DEFAULT_REGION;
}
