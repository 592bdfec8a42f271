import { printable } from '../../core/printable.ts';

export interface KeptSystem {
  readonly redisUrl: string;
  readonly queuePrefix: string;
  readonly tenantsFile: string;
  readonly auditDatabaseUrl: string;
  readonly board: string;
  /** Whether the Redis is one that was there before: its address may have a password in it. */
  readonly isOwnRedis: boolean;
  /** Of an installation with several; undefined for one. */
  readonly partitions: string | undefined;
}

/**
 * What is said while the demo is kept running: that it runs, and how another terminal reaches its queues.
 * @param command with which this program was started.
 */
export function describeKept(system: KeptSystem, command: readonly string[]): string {
  const { redisUrl, queuePrefix, tenantsFile, auditDatabaseUrl, board, isOwnRedis, partitions } = system;
  const variables = {
    ENV_FILE: '',
    ...(isOwnRedis && { REDIS_URL: redisUrl }),
    QUEUE_PREFIX: queuePrefix,
    TENANTS_FILE: tenantsFile,
    AUDIT_DATABASE_URL: auditDatabaseUrl,
    ...(partitions && { PARTITIONS: partitions }),
  };
  const gwm = command.map(quoted).join(' ');
  return [
    `Everything is still running, the board at ${board}; Ctrl-C ends it.`,
    'Another terminal reaches it with these lines:',
    '',
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`),
    ...(isOwnRedis ? [] : ['# and REDIS_URL as it is set here']),
    `${gwm} status`,
    `${gwm} jobs list message-transmission completed`,
    `${gwm} audit verify`,
    '',
  ].join('\n');
}

/** As a shell takes it: one word. */
function quoted(text: string): string {
  const shown = printable(text);
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}
