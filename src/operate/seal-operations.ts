import { withMoverLock } from '../partitions/mover-lock.ts';
import { type Rewrapping, rewrap } from '../queues/rewrap.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { processName } from '../runtime/heartbeat.ts';
import { defineOperation, type Target } from './operation.ts';

export interface Rewrap {
  /** Called after each page of keys. */
  readonly onProgress?: (progress: Rewrapping) => void;
}

/** Without PAYLOAD_KEYS there is nothing to seal. */
const NOTHING: Rewrapping = { seen: 0, rewrapped: 0, left: {} };

/** Acts on what PAYLOAD_KEYS seals. */
export function sealOperations(parts: { readonly client: RedisClient; readonly keys: Keys }) {
  return {
    rewrapValues: defineOperation<Rewrap, Target, Rewrapping>({
      action: 'values.rewrapped',
      find: () => ({ subject: null, tenants: 'all' }),
      isLong: true,
      async perform(_found, { onProgress }) {
        if (!parts.keys.seal.isOn) return { status: 'nothing', result: NOTHING };
        // A job that is carried to a partition that was read already would keep its old key unseen.
        const result = await withMoverLock({ ...parts, name: processName() }, (lock) =>
          rewrap(parts, (progress) => {
            lock.check();
            onProgress?.(progress);
          }),
        );
        const left = Object.values(result.left).reduce((sum, count) => sum + count, 0);
        return { status: 'done', result, details: { rewrapped: result.rewrapped, left } };
      },
    }),
  };
}
