import { printable } from '../../core/printable.ts';
import type { ApiAccess } from './api.ts';

export interface KeptSystem {
  readonly redisUrl: string;
  readonly queuePrefix: string;
  readonly tenantsFile: string;
  readonly auditDatabaseUrl: string;
  readonly api: ApiAccess;
  /** A tenant of the demo. */
  readonly tenantId: string;
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
  const { redisUrl, queuePrefix, tenantsFile, auditDatabaseUrl, api, tenantId, isOwnRedis, partitions } =
    system;
  const variables = {
    GWM_URL: api.url,
    GWM_KEY: api.key,
    ENV_FILE: '',
    ...(isOwnRedis && { REDIS_URL: redisUrl }),
    QUEUE_PREFIX: queuePrefix,
    TENANTS_FILE: tenantsFile,
    AUDIT_DATABASE_URL: auditDatabaseUrl,
    ...(partitions && { PARTITIONS: partitions }),
  };
  const gwm = command.map(quoted).join(' ');
  return [
    `Everything is still running, the board at ${api.url}/board; Ctrl-C ends it.`,
    '',
    `API  ${api.url}/v1, and a page to try it at ${api.url}/docs`,
    `Key  ${api.key}`,
    '',
    'A program in any language sends a message by HTTP. This line sends one:',
    '',
    curlOf(api, tenantId),
    '',
    'Another terminal reaches the API and the queues with these commands:',
    '',
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`),
    ...(isOwnRedis ? [] : ['# and REDIS_URL as in this terminal']),
    `${gwm} status`,
    `${gwm} jobs list message-transmission completed`,
    `${gwm} audit verify`,
    '',
  ].join('\n');
}

/** One line that sends a message, as it stands. */
function curlOf({ url, key }: ApiAccess, tenantId: string): string {
  const message = {
    tenantId,
    guestId: 'guest-1',
    conversationId: 'conversation-1',
    body: { contentType: 'text/plain', content: 'Hello from curl' },
  };
  const headers = [`Authorization: Bearer ${key}`, 'Content-Type: application/json'];
  const options = headers.map((header) => `-H ${quoted(header)}`).join(' ');
  return `curl ${quoted(`${url}/v1/messages`)} ${options} -d ${quoted(JSON.stringify(message))}`;
}

/** The text as one word of a shell. */
function quoted(text: string): string {
  const shown = printable(text);
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}
