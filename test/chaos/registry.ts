import type { Fault } from './fault.ts';
import { AUDIT_DELETED, AUDIT_FULL, AUDIT_KILLED } from './faults/audit-store.ts';
import { CLOCKS } from './faults/clocks.ts';
import { DEMOTION } from './faults/demotion.ts';
import { GATEWAY } from './faults/gateway.ts';
import { CREDENTIALS_REVOKED, GENESYS_AWAY, LOGIN_AWAY, SCOPES_TAKEN } from './faults/outages.ts';
import { POISON } from './faults/poison.ts';
import { RECEIVERS_DOWN, RECEIVERS_GONE, RECEIVERS_SLOW } from './faults/receivers.ts';
import { CLUSTER_MASTER_KILLED, CLUSTER_SLOTS_MOVED } from './faults/redis-cluster.ts';
import { DISTANT_REDIS, SILENT_CONNECTIONS } from './faults/redis-connections.ts';
import { REDIS_EMPTIED, REDIS_FULL } from './faults/redis-contents.ts';
import { REDIS_FROZEN } from './faults/redis-frozen.ts';
import { REDIS_KILLS_ALWAYS, REDIS_KILLS_EVERYSEC } from './faults/redis-kills.ts';
import { ROLLING_RESTART, ROLLING_RESTART_SHORT_LOCKS } from './faults/rolling-restart.ts';
import { SENTINEL_FAILOVER } from './faults/sentinel.ts';
import { SERVE_KILLS } from './faults/serve-kills.ts';
import { TWO_VERSIONS } from './faults/two-versions.ts';
import { WORKER_KILLS } from './faults/worker-kills.ts';

/** Every fault, in the order of docs/reliability.md. */
export const FAULTS: readonly Fault[] = [
  WORKER_KILLS,
  ROLLING_RESTART,
  ROLLING_RESTART_SHORT_LOCKS,
  REDIS_KILLS_ALWAYS,
  REDIS_KILLS_EVERYSEC,
  REDIS_FROZEN,
  SILENT_CONNECTIONS,
  DISTANT_REDIS,
  DEMOTION,
  SENTINEL_FAILOVER,
  CLUSTER_MASTER_KILLED,
  CLUSTER_SLOTS_MOVED,
  REDIS_FULL,
  REDIS_EMPTIED,
  GATEWAY,
  LOGIN_AWAY,
  GENESYS_AWAY,
  CREDENTIALS_REVOKED,
  SCOPES_TAKEN,
  CLOCKS,
  POISON,
  AUDIT_KILLED,
  AUDIT_FULL,
  AUDIT_DELETED,
  RECEIVERS_DOWN,
  RECEIVERS_SLOW,
  RECEIVERS_GONE,
  SERVE_KILLS,
  TWO_VERSIONS,
];

/** The faults of `npm test`, one after the other on one stage. */
export const SHORT_FORM: readonly Fault[] = [
  ROLLING_RESTART_SHORT_LOCKS,
  WORKER_KILLS,
  REDIS_KILLS_ALWAYS,
  SILENT_CONNECTIONS,
  GATEWAY,
];
