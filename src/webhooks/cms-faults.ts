import { z } from 'zod';
import type { Fault } from '../core/faults.ts';
import { webUrl } from '../jobs/fields.ts';
import type { Tenant } from '../tenants/tenant.ts';

const withCms = z.looseObject({ cms: z.looseObject({ url: webUrl }) });

/**
 * What the tenant has against the address of a job's CMS: whoever changed an embed code on the wire would have his own
 * script on every page.
 *
 * @param input of a job, checked or not; what is no web address at all is the contract's to say.
 */
export function cmsFaults(input: unknown, tenant: Tenant): Fault[] {
  const parsed = withCms.safeParse(input);
  if (!parsed.success || tenant.allowInsecureHttp || /^https:/i.test(parsed.data.cms.url)) return [];
  return [{ path: 'cms.url', message: 'expected https://, got http://, which the tenant does not allow' }];
}
