import type { Environment } from '../config/environment.ts';
import { messageOf } from '../core/errors.ts';
import type { Logger } from '../observe/logger.ts';
import { type BucketAccess, bucketsOf, configureBuckets, forgiveBuckets } from '../queues/buckets.ts';
import type { TenantsReload } from '../tenants/registry.ts';

export interface ReloadParts extends BucketAccess {
  readonly logger: Pick<Logger, 'info' | 'error'>;
  /** Reads the variables again: `.env` may have the secrets of new tenants. */
  readonly environment: () => Environment;
}

/**
 * Reads the tenants file again in this process, gives flow control the limits, and ends pauses whose
 * cause the operator may have mended. The log has the result.
 * @throws {OperatorError} when the file has no tenants; then all stay as they were.
 */
export async function reloadTenants(parts: ReloadParts): Promise<TenantsReload> {
  const { tenants, logger, environment } = parts;
  const reloaded = readAgain(parts);
  await configureBuckets(parts);
  await forgiveBuckets(parts, bucketsOf(tenants));
  const { issues } = reloaded;
  if (issues.length > 0)
    logger.error(
      { reason: issues.join('; '), issues },
      'tenants file is wrong; the tenants with errors stay as they were',
    );
  logger.info({ tenants: tenants.ids() }, 'tenants file read again');
  return reloaded;

  function readAgain({ tenants }: ReloadParts): TenantsReload {
    try {
      return tenants.reload(environment());
    } catch (error) {
      logger.error({ reason: messageOf(error) }, 'tenants file is wrong; the tenants stay as they were');
      throw error;
    }
  }
}
