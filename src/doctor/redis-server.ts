import type { ServerInfo } from '../redis/bounded-client.ts';
import type { Memory } from '../redis/memory.ts';
import { FULL_AT } from '../redis/memory-guard.ts';
import { type Finding, failed, ok, warning } from './finding.ts';

/** The oldest Redis that has every command of this program. */
const OLDEST = [6, 2] as const;
/** Redis looks for due jobs so often in a second. */
const WANTED_HZ = 100;
/** From this part of `maxmemory` on there is little time left to act. */
const NEARLY_FULL_AT = 0.8;

/** What one server says of itself, as INFO has it. */
export interface ExaminedServer {
  /** `redis`, or with its address where there are several. */
  readonly about: string;
  readonly info: ServerInfo;
  readonly memory: Memory;
  /** Whether another server must take its place when it dies: with Sentinel, and in a cluster. */
  readonly needsReplica: boolean;
}

/** All checks of one server. */
export function examineServer(server: ExaminedServer): Finding[] {
  const { about, info } = server;
  if (Object.keys(info).length === 0) {
    const todo = 'Give the user of REDIS_URL the right to run INFO (docs/redis.md#a-user-with-few-rights).';
    return [warning(about, 'settings', 'Redis does not show them', todo)];
  }
  return [
    versionOf(server),
    policyOf(server),
    persistenceOf(server),
    memoryOf(server),
    hzOf(server),
    ...(server.needsReplica ? [replicasOf(server)] : []),
  ];
}

function versionOf({ about, info }: ExaminedServer): Finding {
  const valkey = info['valkey_version'];
  if (valkey !== undefined) return ok(about, 'version', `Valkey ${valkey}`);
  const version = info['redis_version'];
  if (version === undefined) return unseen(about, 'version', 'redis_version');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
  if (!isOld) return ok(about, 'version', `Redis ${version}`);
  return failed(about, 'version', `Redis ${version}`, 'Use Redis 6.2 or newer, or Valkey.');
}

function policyOf({ about, info }: ExaminedServer): Finding {
  const policy = info['maxmemory_policy'];
  if (policy === undefined) return unseen(about, 'policy', 'maxmemory_policy');
  if (policy === 'noeviction') return ok(about, 'policy', policy);
  const todo = 'Set maxmemory-policy to noeviction: a full Redis drops jobs, locks and the ledger.';
  return failed(about, 'policy', policy, todo);
}

/** Without an append-only file, or with one that cannot be written, a crash loses jobs. */
function persistenceOf({ about, info }: ExaminedServer): Finding {
  const isOn = info['aof_enabled'];
  if (isOn === undefined) return unseen(about, 'persistence', 'aof_enabled');
  if (isOn !== '1') {
    const todo =
      'Set appendonly to yes: a crash loses the jobs accepted since the last snapshot, and workers may send again the jobs delivered since then.';
    return failed(about, 'persistence', 'appendonly is off', todo);
  }
  const writes = ['aof_last_write_status', 'aof_last_bgrewrite_status', 'rdb_last_bgsave_status'];
  const broken = writes.filter((field) => info[field] !== undefined && info[field] !== 'ok');
  if (broken.length === 0) return ok(about, 'persistence', 'appendonly is on, and the last writes succeeded');
  const todo = 'Look at the log of Redis, and at the space on its disk.';
  return failed(about, 'persistence', `${broken.join(', ')}: ${info[broken[0] ?? '']}`, todo);
}

function memoryOf({ about, memory: { used, max } }: ExaminedServer): Finding {
  if (max === 0) {
    const todo =
      'Set maxmemory to the memory that Redis may use: until then no producer stops before the memory of the machine is used up.';
    return warning(about, 'memory', `${megabytes(used)} used, without a limit`, todo);
  }
  const found = `${megabytes(used)} of ${megabytes(max)} used`;
  const todo =
    'Give Redis more memory, or lower KEEP_COMPLETED and LEDGER_TTL (docs/capacity.md): at nine tenths producers get an error.';
  if (used > FULL_AT * max) return failed(about, 'memory', found, todo);
  return used > NEARLY_FULL_AT * max ? warning(about, 'memory', found, todo) : ok(about, 'memory', found);
}

function hzOf({ about, info }: ExaminedServer): Finding {
  const hz = info['configured_hz'] ?? info['hz'];
  if (hz === undefined) return unseen(about, 'hz', 'hz');
  if (Number(hz) >= WANTED_HZ) return ok(about, 'hz', hz);
  const lateMs = Math.round(1000 / Number(hz));
  return warning(about, 'hz', hz, `Set hz to ${WANTED_HZ}: due jobs start up to ${lateMs} ms late.`);
}

function replicasOf({ about, info }: ExaminedServer): Finding {
  const replicas = info['connected_slaves'];
  if (replicas === undefined) return unseen(about, 'replicas', 'connected_slaves');
  if (Number(replicas) > 0) return ok(about, 'replicas', replicas);
  const todo = 'Add a replica: without one no server takes the place of this master when it dies.';
  return warning(about, 'replicas', replicas, todo);
}

function unseen(about: string, check: string, field: string): Finding {
  const todo = `Look at it yourself: this server leaves ${field} out of INFO.`;
  return warning(about, check, 'Redis does not show it', todo);
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6).toLocaleString('en-US')} MB`;
}
