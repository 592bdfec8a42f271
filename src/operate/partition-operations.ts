import type { Config } from '../config/settings.ts';
import { chooseTarget, type Destination } from '../partitions/choose.ts';
import { createMover, moveWhole } from '../partitions/mover.ts';
import { type MoverLock, withMoverLock } from '../partitions/mover-lock.ts';
import { raisePartitions } from '../partitions/raise.ts';
import type { MoveProgress } from '../partitions/stepper.ts';
import type { Core } from '../queues/core.ts';
import { renewLayout } from '../redis/layout-store.ts';
import { processName } from '../runtime/heartbeat.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import { sharersOf } from '../tenants/sharing.ts';
import { type Author, reaches } from './author.ts';
import { defineOperation, type Target } from './operation.ts';

export interface MoveTenant {
  readonly tenantId: string;
  readonly to: Destination;
  readonly onProgress?: (progress: MoveProgress) => void;
}

export interface RaisePartitions {
  readonly to: number;
  readonly onProgress?: (progress: MoveProgress) => void;
}

/** The tenants that moved; undefined when there is no such tenant. `isThere`: they were there before. */
export type MovedTenants =
  | { readonly tenantIds: readonly string[]; readonly to: number; readonly isThere: boolean }
  | undefined;

interface FoundTenants extends Target {
  readonly tenants: readonly string[];
}

interface PartitionParts {
  readonly core: Core;
  readonly config: Pick<Config, 'ledgerTtlMs'>;
  readonly tenants: TenantRegistry;
}

/** Acts on the partitions of tenants. */
export function partitionOperations({ core, config, tenants }: PartitionParts) {
  const { client, keys } = core;
  const { ledgerTtlMs } = config;
  const sharing = (tenantId: string) => sharersOf(tenants.ids().map(tenants.get), tenantId);

  const locked = <Result>(act: (lock: MoverLock) => Promise<Result>) =>
    withMoverLock({ client, keys, name: processName() }, act);

  return {
    moveTenant: defineOperation<MoveTenant, FoundTenants, MovedTenants>({
      action: 'tenant.moved',
      async find({ tenantId }, author: Author) {
        await renewLayout(client, keys);
        const isKnown = tenants.has(tenantId) || keys.layout.state.homes.has(tenantId);
        if (!isKnown) return undefined;
        const tenantIds = sharing(tenantId);
        if (!tenantIds.every((each) => reaches(author, each))) return undefined;
        return { subject: tenantId, tenants: tenantIds };
      },
      missing: undefined,
      isLong: true,
      async perform({ tenants: tenantIds }, { to: wanted, onProgress = () => {} }) {
        return await locked(async (lock) => {
          const to = await chooseTarget(core, tenantIds, wanted);
          const { layout } = keys;
          const isThere = tenantIds.every((each) => layout.homeOf(each) === to && !layout.moveOf(each));
          if (!isThere) await moveWhole(createMover({ core, lock, ledgerTtlMs, onProgress }), tenantIds, to);
          const result = { tenantIds, to, isThere };
          return { status: isThere ? 'nothing' : 'done', result, details: { partition: to } };
        });
      },
    }),
    raisePartitions: defineOperation<RaisePartitions, Target, { readonly moved: number }>({
      action: 'partitions.raised',
      detailsOf: ({ to }) => ({ partitions: to }),
      find: () => ({ subject: null, tenants: 'all' }),
      isLong: true,
      async perform(_found, { to, onProgress = () => {} }) {
        return await locked(async (lock) => {
          const before = keys.layout.state.modulus;
          const parts = { core, lock, ledgerTtlMs, onProgress, tenantIds: tenants.ids(), sharersOf: sharing };
          const moved = await raisePartitions(parts, to);
          const status = before === to && moved === 0 ? 'nothing' : 'done';
          return { status, result: { moved }, details: { moved } };
        });
      },
    }),
  };
}
