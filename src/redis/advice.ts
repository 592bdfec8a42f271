import type { ServerInfo } from './bounded-client.ts';

/** What speaks against a Redis that answers well. */
export interface RedisAdvice {
  /** Each a sentence: what is set, what may come of it, and what is wanted. */
  readonly warnings: readonly string[];
  /** Settings that the server, or the rights of our user, do not show. */
  readonly unchecked: readonly string[];
}

interface Rule {
  readonly setting: string;
  /** Its field in what INFO says, which managed servers show where they forbid CONFIG. */
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
        : `maxmemory-policy of Redis is ${policy}: when its memory is full it drops jobs, locks and what is known of deliveries. Set it to noeviction.`,
  },
  {
    setting: 'appendonly',
    field: 'aof_enabled',
    issue: (enabled) =>
      enabled === '1'
        ? undefined
        : 'appendonly of Redis is off: when it crashes, what was accepted since its last snapshot is lost, and what was delivered since then may be sent again. Set appendonly to yes.',
  },
];

/** Looks at what a server says about itself. */
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
