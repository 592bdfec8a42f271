import { printable } from '../../core/printable.ts';

export interface KeptSystem {
  readonly redisUrl: string;
  readonly queuePrefix: string;
  readonly tenantsFile: string;
  readonly auditDatabaseUrl: string;
  readonly board: string;
  /** Whether the demo started its Redis. The address of another one may hold a password. */
  readonly isOwnRedis: boolean;
  /** PARTITIONS of an installation with several; undefined for one. */
  readonly partitions: string | undefined;
}

/**
 * Text while the demo keeps running: how another terminal reaches its queues.
 * @param command that started this program.
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
    'Another terminal reaches it with these commands:',
    '',
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`),
    ...(isOwnRedis ? [] : ['# and REDIS_URL as in this terminal']),
    `${gwm} status`,
    `${gwm} jobs list message-transmission completed`,
    `${gwm} audit verify`,
    '',
  ].join('\n');
}

/** The text as one word of a shell. */
function quoted(text: string): string {
  const shown = printable(text);
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}
