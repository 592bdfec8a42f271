import type { BackoffPolicy } from '../../src/core/backoff.ts';
import type { GenesysClient } from '../../src/genesys/client.ts';

/** How a step goes on after a 409. */
export interface ConflictPolicy {
  readonly genesys: GenesysClient;
  /** The step fails after this many 409s in a row. */
  readonly maxConflicts: number;
  readonly conflictBackoff: BackoffPolicy;
  /** Called for each conflict that another try follows. */
  readonly onConflict: (tenantId: string) => void;
}
