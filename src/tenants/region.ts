import { z } from 'zod';

/** The domains of Genesys Cloud, as its SDK and its Terraform provider list them. */
export const REGIONS = [
  'mypurecloud.com',
  'mypurecloud.de',
  'mypurecloud.ie',
  'mypurecloud.jp',
  'mypurecloud.com.au',
  'use2.us-gov-pure.cloud',
  'usw2.pure.cloud',
  'cac1.pure.cloud',
  'mxc1.pure.cloud',
  'sae1.pure.cloud',
  'euw2.pure.cloud',
  'euc2.pure.cloud',
  'edee1.eusc-pure.cloud',
  'mec1.pure.cloud',
  'aps1.pure.cloud',
  'apse1.pure.cloud',
  'apne2.pure.cloud',
  'apne3.pure.cloud',
] as const;

/**
 * The domain of a region. It must be in the list: a misspelled domain may belong to another party,
 * and a worker would send the client secret there.
 */
export const region = z.string().refine((domain) => REGIONS.some((known) => known === domain), {
  error: `expected the domain of a region: ${REGIONS.join(', ')}; for a newer one give its "hosts"`,
});
