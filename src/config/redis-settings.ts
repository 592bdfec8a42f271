import { text } from './kinds.ts';
import { parseRedisUrl } from './redis-url.ts';
import { optional } from './setting.ts';

const PATH = text('the path of a file', /\S/);

/** What an address of Redis does not say: the files of TLS, and the login at the sentinels. */
export const REDIS_LOGIN_SETTINGS = {
  redisTlsCaFile: optional({
    env: 'REDIS_TLS_CA_FILE',
    group: 'Redis',
    description:
      'PEM file with the certificates of the authorities that sign those of Redis. By default the ones that Node.js trusts. For rediss:// only.',
    schema: PATH,
  }),
  redisTlsCertFile: optional({
    env: 'REDIS_TLS_CERT_FILE',
    group: 'Redis',
    description: 'PEM file with the certificate of this client, where Redis demands one. For rediss:// only.',
    schema: PATH,
  }),
  redisTlsKeyFile: optional({
    env: 'REDIS_TLS_KEY_FILE',
    group: 'Redis',
    description: 'PEM file with the key of that certificate.',
    schema: PATH,
  }),
  redisSentinelUsername: optional({
    env: 'REDIS_SENTINEL_USERNAME',
    group: 'Redis',
    description: 'User at the sentinels. The user and password in REDIS_URL are those of Redis.',
    schema: text('a name without white space', /^\S+$/),
  }),
  redisSentinelPassword: optional({
    env: 'REDIS_SENTINEL_PASSWORD',
    group: 'Redis',
    description: 'Password at the sentinels.',
    schema: text('a password without white space', /^\S+$/),
    secret: true,
  }),
};

/** The settings of Redis, as {@link redisContradictions} reads them. */
interface RedisSettings {
  readonly redisUrl: string;
  readonly redisTlsCaFile: string | undefined;
  readonly redisTlsCertFile: string | undefined;
  readonly redisTlsKeyFile: string | undefined;
  readonly redisSentinelUsername: string | undefined;
  readonly redisSentinelPassword: string | undefined;
}

/** One sentence for each setting that the address contradicts: else it would have no effect. */
export function redisContradictions(config: RedisSettings): string[] {
  // An address with an error of its own is undefined here, and passes.
  if (config.redisUrl === undefined) return [];
  const { kind, isTls } = parseRedisUrl(config.redisUrl);
  const { redisTlsCertFile: cert, redisTlsKeyFile: key } = config;
  const issues: string[] = [];
  if ((cert === undefined) !== (key === undefined)) {
    issues.push('REDIS_TLS_CERT_FILE: wanted together with REDIS_TLS_KEY_FILE, got one of them');
  }
  if (!isTls && (config.redisTlsCaFile ?? cert ?? key) !== undefined) {
    issues.push('REDIS_URL: wanted rediss:// with a file of TLS, got an address without TLS');
  }
  if (kind !== 'sentinel' && (config.redisSentinelUsername ?? config.redisSentinelPassword) !== undefined) {
    issues.push('REDIS_URL: wanted redis+sentinel:// with a login at the sentinels, got another address');
  }
  return issues;
}
