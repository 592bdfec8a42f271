import type { Core } from '../queues/core.ts';
import { scanKeys } from '../redis/scan.ts';

/** Names of keys with the name of a tenant. */
const NAMED =
  /^(?:(?:lane|counts|guest-session|bucket):([\w.-]+):|(?:jobs|token|endpoints|audit-through):([\w.-]+)$)/;

/** The tenants that have data in a partition, also those that no tenants file has. */
export async function tenantsIn({ client, keys, queues }: Core, partition: number): Promise<Set<string>> {
  const own = keys.ownOf(partition);
  const found = new Set<string>();
  await scanKeys(client, { match: `${own}*` }, async (page) => {
    for (const key of page) {
      const [, first, second] = NAMED.exec(key.slice(own.length)) ?? [];
      const tenantId = first ?? second;
      if (tenantId !== undefined) found.add(tenantId);
    }
  });
  for (const { template } of await queues.at('audit-sync', partition).getJobSchedulers()) {
    const tenantId = (template?.data as { tenantId?: unknown } | undefined)?.tenantId;
    if (typeof tenantId === 'string') found.add(tenantId);
  }
  return found;
}
