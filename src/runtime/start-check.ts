import { auditPathIssue } from '../audit/path-error.ts';
import { readEnvironment } from '../config/environment.ts';
import type { Config } from '../config/settings.ts';
import { messageOf } from '../core/errors.ts';
import type { Logger } from '../observe/logger.ts';
import { adviceFor } from '../redis/advice.ts';
import type { RedisClient } from '../redis/connect.ts';
import { tenantsFileWarnings } from '../tenants/file-check.ts';

export interface StartCheckOptions {
  readonly config: Pick<Config, 'auditDatabaseUrl' | 'tenantsFile'>;
  readonly redis: RedisClient;
}

/** One sentence for each problem that does not stop this process now, and causes harm later. */
export async function startWarnings(options: StartCheckOptions): Promise<string[]> {
  const { warnings } = await adviceFor(options.redis);
  return [...warnings, ...(await storeWarnings(options)), ...tenantsWarnings(options)];
}

function tenantsWarnings({ config }: StartCheckOptions): string[] {
  try {
    return tenantsFileWarnings(config.tenantsFile, readEnvironment());
  } catch (error) {
    return [messageOf(error)];
  }
}

async function storeWarnings({ config }: StartCheckOptions): Promise<string[]> {
  const issue = await auditPathIssue(config.auditDatabaseUrl);
  return issue === undefined ? [] : [issue];
}

/**
 * Logs all warnings once, in one line, at the start.
 * @param storeErrors errors of the audit store when it was opened; a wrong path has a better
 * message.
 */
export async function reportStart(
  options: StartCheckOptions & { readonly logger: Logger },
  storeErrors: readonly string[] = [],
): Promise<void> {
  const { logger, redis } = options;
  const { warnings, unchecked } = await adviceFor(redis);
  const ofStore = await storeWarnings(options);
  const all = [...warnings, ...(ofStore.length > 0 ? ofStore : storeErrors), ...tenantsWarnings(options)];
  if (all.length > 0) logger.warn({ warnings: all }, 'the start check has warnings');
  if (unchecked.length > 0) logger.info({ unchecked }, 'redis does not show these settings');
}
