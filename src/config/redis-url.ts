/** What an address of Redis says. */
export interface RedisUrl {
  /** One server; a Redis Cluster; or the master that sentinels name. */
  readonly kind: 'server' | 'cluster' | 'sentinel';
  /** `rediss:`: every connection is encrypted, those to sentinels too. */
  readonly isTls: boolean;
  /** The server, some nodes of the cluster, or the sentinels. */
  readonly hosts: readonly RedisHost[];
  /** Of Redis. The sentinels may ask for another login. */
  readonly username?: string;
  readonly password?: string;
  /** Number of the database; 0 of a cluster. */
  readonly database: number;
  /** The name by which the sentinels know the master. */
  readonly masterName?: string;
}

export interface RedisHost {
  readonly host: string;
  readonly port: number;
}

/** An address that is wrong. The message says what is wanted, and shows nothing of the address. */
export class RedisUrlError extends Error {
  override readonly name = 'RedisUrlError';
}

const WANTED =
  'an address such as redis://user:password@host:6379/0 (rediss:// for TLS); for Redis Cluster several hosts, redis://host-1:6379,host-2:6379; for Sentinel redis+sentinel://host-1:26379,host-2:26379/0?name=mymaster';

const SCHEME = /^redis(s?)(?:\+(cluster|sentinel))?:\/\/([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/i;
const PART = /^(?:([^@]*)@)?(\[[\da-fA-F:.]+\]|[^\s:[\]@]+)(?::(\d{1,5}))?$/;

const PORTS = { server: 6379, cluster: 6379, sentinel: 26_379 } as const;

/**
 * Reads an address. Several hosts, or `redis+cluster:`, mean a cluster. Its hosts share one login, in
 * front of the first host or of each. A comma in a password is written as `%2C`.
 *
 * @throws {RedisUrlError}
 */
export function parseRedisUrl(text: string): RedisUrl {
  const [, tls, named, authority = '', path = '', query = ''] = SCHEME.exec(text) ?? fail(WANTED);
  const parts = partsOf(text, authority);
  const kind = (named as 'cluster' | 'sentinel') ?? (parts.length > 1 ? 'cluster' : 'server');
  const hosts = parts.map((part) => hostOf(part, PORTS[kind]));
  const database = Number(/^\d{0,5}$/.test(path) ? path : fail(WANTED));
  if (kind === 'cluster' && database !== 0) fail('database 0: Redis Cluster has no other one');
  const masterName = new URLSearchParams(query).get('name') ?? '';
  if (kind === 'sentinel' && !/^[\w.-]+$/.test(masterName)) {
    fail('the name of the master at the end: redis+sentinel://host:26379/0?name=mymaster');
  }
  return {
    kind,
    isTls: tls === 's',
    hosts,
    ...loginOf(parts),
    database,
    ...(kind === 'sentinel' && { masterName }),
  };
}

/** The address without user and password, for messages. */
export function describeRedisUrl(text: string): string {
  try {
    const { kind, isTls, hosts, database, masterName } = parseRedisUrl(text);
    const { protocol, host, pathname } = URL.parse(text) ?? {};
    if (kind === 'server') return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
    const all = hosts.map((each) => `${each.host.includes(':') ? `[${each.host}]` : each.host}:${each.port}`);
    const rest = `${database === 0 ? '' : `/${database}`}${masterName ? `?name=${masterName}` : ''}`;
    return `redis${isTls ? 's' : ''}+${kind}://${all.join(',')}${rest}`;
  } catch {
    return 'the address in REDIS_URL';
  }
}

/** The hosts, each perhaps with a login. The password of a single host may have commas. */
function partsOf(text: string, authority: string): readonly string[] {
  const parts = authority.split(',');
  const { hostname } = URL.parse(text) ?? {};
  const isOne = hostname !== undefined && !hostname.includes(',') && authority.split('@').length <= 2;
  return isOne || !parts.every((part) => PART.test(part)) ? [authority] : parts;
}

function hostOf(part: string, usualPort: number): RedisHost {
  const at = part.lastIndexOf('@');
  const [, , host = '', port] = PART.exec(part.slice(at + 1)) ?? fail(WANTED);
  const number = port === undefined ? usualPort : Number(port);
  if (number < 1 || number > 65_535) fail(WANTED);
  return { host: host.replace(/^\[|\]$/g, ''), port: number };
}

function loginOf(parts: readonly string[]): Pick<RedisUrl, 'username' | 'password'> {
  const logins = new Set(
    parts.filter((part) => part.includes('@')).map((part) => part.slice(0, part.lastIndexOf('@'))),
  );
  if (logins.size > 1) fail('the same user and password for every host, or once, in front of the first host');
  const [login] = logins;
  if (login === undefined) return {};
  const [user = '', ...password] = login.split(':');
  return {
    ...(user !== '' && { username: decoded(user) }),
    ...(password.length > 0 && { password: decoded(password.join(':')) }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return fail('a user and a password in which % is written as %25');
  }
}

function fail(wanted: string): never {
  throw new RedisUrlError(`wanted ${wanted}`);
}
