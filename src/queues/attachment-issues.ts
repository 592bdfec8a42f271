import { z } from 'zod';
import type { Issue } from '../core/issues.ts';
import { shownUrl } from '../jobs/fields.ts';
import { ROUTES, type Route, routeOf } from '../jobs/routes.ts';
import { guardOf } from '../outbound/target.ts';
import type { Tenant } from '../tenants/tenant.ts';

/** Routes on which a worker fetches the files. On the others Genesys Cloud does. */
const FETCHED: ReadonlySet<Route | undefined> = new Set<Route>(['conversation', 'webmessaging']);

const withFiles = z.looseObject({
  route: z.enum(ROUTES).optional(),
  attachments: z.array(z.looseObject({ url: shownUrl })),
});

/**
 * The files that workers may not fetch: scheme, port, or a literal address that is not public.
 *
 * @param input of a job, checked or not. The contract reports a field that is no web address.
 */
export function attachmentIssues(input: object, tenant: Tenant): Issue[] {
  // Nearly no job has a file, and an error of zod costs more than all other checks of a message.
  if (tenant.dialect === 'guest' || Reflect.get(input, 'attachments') === undefined) return [];
  const parsed = withFiles.safeParse(input);
  if (!parsed.success || !FETCHED.has(routeOf(tenant, parsed.data.route))) return [];
  const guard = guardOf(tenant.receivers);
  return parsed.data.attachments.flatMap(({ url }, index) => {
    const message = guard.issueOf(url);
    return message === undefined ? [] : [{ path: `attachments[${index}].url`, message }];
  });
}
