import { z } from 'zod';

/** The domain of each region of AWS where Genesys Cloud runs, from the list of its official SDK. */
const DOMAIN_BY_REGION: Readonly<Record<string, string>> = {
  'us-east-1': 'mypurecloud.com',
  'us-east-2': 'use2.us-gov-pure.cloud',
  'us-west-2': 'usw2.pure.cloud',
  'ca-central-1': 'cac1.pure.cloud',
  'mx-central-1': 'mxc1.pure.cloud',
  'sa-east-1': 'sae1.pure.cloud',
  'eu-west-1': 'mypurecloud.ie',
  'eu-west-2': 'euw2.pure.cloud',
  'eu-central-1': 'mypurecloud.de',
  'eu-central-2': 'euc2.pure.cloud',
  'eusc-de-east-1': 'edee1.eusc-pure.cloud',
  'me-central-1': 'mec1.pure.cloud',
  'ap-south-1': 'aps1.pure.cloud',
  'ap-southeast-1': 'apse1.pure.cloud',
  'ap-southeast-2': 'mypurecloud.com.au',
  'ap-northeast-1': 'mypurecloud.jp',
  'ap-northeast-2': 'apne2.pure.cloud',
  'ap-northeast-3': 'apne3.pure.cloud',
};

/** All regions, each with its domain. */
export const REGIONS: readonly { readonly name: string; readonly domain: string }[] = Object.entries(
  DOMAIN_BY_REGION,
).map(([name, domain]) => ({ name, domain }));

/**
 * A region by its domain or by its name at AWS; read as the domain. It must be in the list: a
 * misspelled domain may belong to another party, and a worker would send the client secret there.
 */
export const region = z.string().transform((text, context) => {
  const found = REGIONS.find(({ name, domain }) => text === name || text === domain);
  if (found) return found.domain;
  const known = REGIONS.map(({ name, domain }) => `${domain} (${name})`).join(', ');
  const message = `expected the domain or the name of a region: ${known}; for a newer one give its "hosts"`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

/** The name of the region of an API host; undefined for a host that is in no list. */
export function regionOfHost(hostname: string): string | undefined {
  const domain = hostname.replace(/^api\./, '');
  return REGIONS.find((known) => known.domain === domain)?.name;
}
