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
 * The domain of a region. One that does not exist would be found out by the first job only, and one with a slip in it may
 * belong to a stranger, who would be sent the client secret.
 */
export const region = z.string().refine((domain) => REGIONS.some((known) => known === domain), {
  error: `expected the domain of a region: ${REGIONS.join(', ')}; of one that is newer give its "hosts"`,
});
