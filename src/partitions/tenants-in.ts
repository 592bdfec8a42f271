import type { Core } from '../queues/core.ts';
import { scanKeys } from '../redis/scan.ts';

/** Names of keys with the name of a tenant, behind those of the installation and the partition. */
const NAMED =
  /^\{\d+\}:(?:(?:lane|counts|guest-session|bucket):([\w.-]+):|(?:jobs|token|endpoints|audit-through):([\w.-]+)$)/;

/** The tenants that have data in any partition, also those that no tenants file has. It looks at all keys once. */
export async function tenantsIn({ client, keys, queues }: Core): Promise<Set<string>> {
  const installation = `${keys.prefix}:`;
  const found = new Set<string>();
  await scanKeys(client, { match: `${installation}{*` }, async (page) => {
    for (const key of page) {
      const [, first, second] = NAMED.exec(key.slice(installation.length)) ?? [];
      const tenantId = first ?? second;
      if (tenantId !== undefined) found.add(tenantId);
    }
  });
  for (const partition of keys.partitions()) {
    for (const { template } of await queues.at('audit-sync', partition).getJobSchedulers()) {
      const tenantId = (template?.data as { tenantId?: unknown } | undefined)?.tenantId;
      if (typeof tenantId === 'string') found.add(tenantId);
    }
  }
  return found;
}
