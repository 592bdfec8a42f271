/** Why the program needs a command of Redis. */
type Purpose = 'connection' | 'scripts' | 'keys' | 'cluster';

/**
 * Every command of Redis that the program sends, by itself, in its scripts and in those of BullMQ, as
 * an ACL names them. AUTH and HELLO need no right. docs/redis.md shows the list.
 */
export const REDIS_COMMANDS: Readonly<Record<Purpose, readonly string[]>> = {
  connection: ['client|list', 'client|setname', 'info', 'ping', 'select', 'time'],
  scripts: ['eval', 'evalsha', 'exec', 'multi', 'script|exists', 'script|load'],
  cluster: ['asking', 'cluster|info', 'cluster|keyslot', 'cluster|slots', 'readonly', 'readwrite'],
  keys: [
    ...[
      'copy',
      'del',
      'dump',
      'exists',
      'persist',
      'pexpire',
      'pttl',
      'rename',
      'restore',
      'scan',
      'type',
      'unlink',
    ],
    ...['get', 'incr', 'incrby', 'set'],
    ...['hdel', 'hexists', 'hget', 'hgetall', 'hincrby', 'hkeys', 'hlen', 'hmget', 'hmset', 'hrandfield'],
    ...['hscan', 'hset', 'hsetnx'],
    ...['lindex', 'llen', 'lpop', 'lpos', 'lpush', 'lrange', 'lrem', 'lset', 'ltrim', 'rpop', 'rpoplpush'],
    ...['rpush', 'rpushx'],
    ...['sadd', 'scard', 'sismember', 'smembers', 'srem', 'sscan'],
    ...['bzpopmin', 'zadd', 'zcard', 'zcount', 'zmscore', 'zpopmin', 'zrange'],
    ...['zrangebyscore', 'zrank', 'zrem', 'zremrangebyrank', 'zremrangebyscore', 'zrevrange'],
    ...['zrevrangebyscore', 'zscan', 'zscore'],
    ...['xack', 'xadd', 'xautoclaim', 'xdel', 'xgroup|create', 'xgroup|delconsumer', 'xlen', 'xpending'],
    ...['xrange', 'xreadgroup', 'xtrim'],
  ],
};

/** What a program asks of a sentinel. */
export const SENTINEL_COMMANDS = [
  'client|setname',
  'info',
  'ping',
  'sentinel|get-master-addr-by-name',
  'sentinel|sentinels',
] as const;

/** The rules of the user for ACL SETUSER; `prefix` is QUEUE_PREFIX. */
export function aclRules(prefix: string): string[] {
  const commands = Object.values(REDIS_COMMANDS).flat();
  return [`~${prefix}:*`, 'resetchannels', '-@all', ...commands.map((command) => `+${command}`)];
}

/** The commands for the docs, as an operator types them. */
export function renderAcl(): string {
  const commands = Object.values(REDIS_COMMANDS)
    .flat()
    .map((command) => `+${command}`);
  const sentinel = SENTINEL_COMMANDS.map((command) => `+${command}`);
  return [
    '```',
    `ACL SETUSER gwm on >PASSWORD ~gwm:* resetchannels -@all ${commands.join(' ')}`,
    '```',
    '',
    'The user at the sentinels, when they ask for a login:',
    '',
    '```',
    `ACL SETUSER gwm on >PASSWORD resetchannels -@all ${sentinel.join(' ')}`,
    '```',
  ].join('\n');
}
