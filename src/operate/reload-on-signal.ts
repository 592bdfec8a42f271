import type { Acts } from '../audit/act-record.ts';
import type { Logger } from '../observe/logger.ts';
import type { Reloads } from '../runtime/reloads.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import { signalAuthor } from './author.ts';
import { bindOperations } from './bind.ts';
import { signalOperations } from './reload-operations.ts';

export interface SignalParts {
  readonly reloads: Pick<Reloads, 'here'>;
  readonly tenants: TenantRegistry;
  readonly acts: Acts;
  readonly logger: Pick<Logger, 'error'>;
}

/** Reads the tenants file again at each SIGHUP. The log has the result, and the audit store the act. */
export function reloadOnSignal({ acts, logger, ...parts }: SignalParts): void {
  const onUnrecorded = (error: Error) => logger.error({ err: error }, 'an act has no audit record');
  const author = signalAuthor('SIGHUP');
  const { reloadHere } = bindOperations(signalOperations(parts), { acts, onUnrecorded }, author);
  process.on('SIGHUP', () => void reloadHere().catch(() => {}));
}
