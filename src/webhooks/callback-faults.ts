import { z } from 'zod';
import type { Fault } from '../core/faults.ts';
import { webUrl } from '../jobs/fields.ts';
import { guardOf } from '../outbound/target.ts';
import type { Tenant } from '../tenants/tenant.ts';

const withCallback = z.looseObject({ callback: z.looseObject({ url: webUrl }) });

/**
 * What can be said against the address of a job's own callback when it is enqueued: scheme, port, a literal address that
 * is not public. What a name leads to is seen when it is called.
 */
export function callbackFaults(input: unknown, tenant: Tenant): Fault[] {
  // What is no web address at all is the contract's to say.
  const parsed = withCallback.safeParse(input);
  if (!parsed.success) return [];
  const message = guardOf(tenant.receivers).faultOf(parsed.data.callback.url);
  return message === undefined ? [] : [{ path: 'callback.url', message }];
}
