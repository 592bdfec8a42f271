import { z } from 'zod';
import { checked } from '../core/checked.ts';
import type { Issue } from '../core/issues.ts';
import { webUrl } from '../jobs/fields.ts';
import { guardOf } from '../outbound/target.ts';
import type { Tenant } from '../tenants/tenant.ts';

/** Fields of jobs with an address that the job's end is told to: its own callback, and the CMS of an embed code. */
const FIELDS = ['callback', 'cms'] as const;

const withUrl = z.looseObject({ url: webUrl });

/**
 * What can be said against the receivers that a job names when it is enqueued: scheme, port, a literal address that is
 * not public. What a name leads to is seen when it is called.
 *
 * @param input of a job, checked or not; what is no web address at all is the contract's to say.
 */
export function receiverIssues(input: unknown, tenant: Tenant): Issue[] {
  if (typeof input !== 'object' || input === null) return [];
  const guard = guardOf(tenant.receivers);
  return FIELDS.flatMap((field) => {
    const parsed = checked(withUrl, Reflect.get(input, field));
    const message = parsed.ok ? guard.issueOf(parsed.data.url) : undefined;
    return message === undefined ? [] : [{ path: `${field}.url`, message }];
  });
}
