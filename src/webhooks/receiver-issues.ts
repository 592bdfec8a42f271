import { z } from 'zod';
import { checked } from '../core/checked.ts';
import type { Issue } from '../core/issues.ts';
import { webUrl } from '../jobs/fields.ts';
import { guardOf } from '../outbound/target.ts';
import type { Tenant } from '../tenants/tenant.ts';

/** Fields of a job that name a receiver: its callback, and the CMS of an embed code. */
const FIELDS = ['callback', 'cms'] as const;

const withUrl = z.looseObject({ url: webUrl });

/**
 * Finds what is wrong with the receivers that a job names: scheme, port, or a literal address that
 * is not public. Names are looked up later, when a worker calls them.
 *
 * @param input of a job, checked or not. The contract reports a field that is no web address.
 */
export function receiverIssues(input: unknown, tenant: Tenant): Issue[] {
  if (typeof input !== 'object' || input === null) return [];
  return FIELDS.flatMap((field) => {
    const receiver: unknown = Reflect.get(input, field);
    // Nearly no job names one, and an error of zod costs more than all other checks of a message.
    if (receiver === undefined) return [];
    const parsed = checked(withUrl, receiver);
    const message = parsed.ok ? guardOf(tenant.receivers).issueOf(parsed.data.url) : undefined;
    return message === undefined ? [] : [{ path: `${field}.url`, message }];
  });
}
