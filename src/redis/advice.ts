import type { ServerInfo } from './bounded-client.ts';
import type { RedisClient } from './connect.ts';

/** Settings of a working Redis that may lose data. */
export interface RedisAdvice {
  /** Each is a sentence: the setting, its risk, and the wanted value. */
  readonly warnings: readonly string[];
  /** Settings that neither the server nor the rights of the user show. */
  readonly unchecked: readonly string[];
}

interface Rule {
  readonly setting: string;
  /** The field of INFO. Managed servers show it and forbid CONFIG. */
  readonly field: string;
  readonly issue: (value: string) => string | undefined;
}

const RULES: readonly Rule[] = [
  {
    setting: 'maxmemory-policy',
    field: 'maxmemory_policy',
    issue: (policy) =>
      policy === 'noeviction'
        ? undefined
        : `maxmemory-policy of Redis is ${policy}: when its memory is full it drops jobs, locks and the ledger. Set it to noeviction.`,
  },
  {
    setting: 'maxmemory',
    field: 'maxmemory',
    issue: (bytes) =>
      bytes === '0'
        ? 'maxmemory of Redis is 0: no producer stops before the memory of the machine is used up. Set it to the memory that Redis may use.'
        : undefined,
  },
  {
    setting: 'appendonly',
    field: 'aof_enabled',
    issue: (enabled) =>
      enabled === '1'
        ? undefined
        : 'appendonly of Redis is off: a crash loses the jobs accepted since its last snapshot, and workers may send again the jobs delivered since then. Set appendonly to yes.',
  },
];

/** Checks the settings that Redis has reported; in a cluster those of each master. */
export async function adviceFor(client: RedisClient): Promise<RedisAdvice> {
  // A cluster that is away reports nothing, and this must not wait for it.
  if (client.isCluster && client.status !== 'ready') return { warnings: [], unchecked: [] };
  const all = await client.ofMasters(async (master) => {
    // The first command to a node of a cluster makes the connection.
    if (client.isCluster && master.status === 'wait') await master.ping().catch(() => {});
    return redisAdvice(master.server);
  });
  return {
    warnings: [...new Set(all.flatMap(({ warnings }) => warnings))],
    unchecked: [...new Set(all.flatMap(({ unchecked }) => unchecked))],
  };
}

/** Checks the settings that a server reports. */
export function redisAdvice(server: ServerInfo): RedisAdvice {
  const warnings: string[] = [];
  const unchecked: string[] = [];
  for (const { setting, field, issue } of RULES) {
    const value = server[field];
    if (value === undefined) unchecked.push(setting);
    else warnings.push(...[issue(value)].filter((found) => found !== undefined));
  }
  return { warnings, unchecked };
}
