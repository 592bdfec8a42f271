import { type Clock, systemClock } from '../core/clock.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { JOB_HASH, loadScript, type Transaction } from '../redis/script.ts';
import type { Attempt } from './attempt.ts';
import { endpointIdOf } from './endpoint-id.ts';
import type { DisabledFor } from './endpoints.ts';
import { openAddress, readAttempt } from './sealed.ts';

/** Records of endpoints and attempts for operators. The scripts of `endpoints.ts` write them. */
export interface WebhookRecords {
  /** The endpoints of a tenant that were called lately, the last called first. */
  endpoints(tenantId: string): Promise<EndpointView[]>;
  /** Undefined if the endpoint was not called lately. */
  endpoint(tenantId: string, endpointId: string): Promise<EndpointView | undefined>;
  /** The last attempts of a callback, the oldest first. */
  attempts(tenantId: string, jobId: string): Promise<(Attempt | Replay)[]>;
  /**
   * Records that an operator sends callbacks of a tenant again, in front of BullMQ's part of it. A
   * delivered callback may be sent again too. The reply of the transaction has a 1 for each callback
   * that has ended, and a 0 for any other, which stays as it is.
   */
  queueReplay(transaction: Transaction, tenantId: string, jobIds: readonly string[]): void;
  /**
   * Numbers of delivered attempts, failed attempts and disabled endpoints, since the installation.
   */
  counts(): Promise<WebhookCounts>;
}

export interface EndpointView {
  readonly endpointId: string;
  readonly tenantId: string;
  /** The address without its query. */
  readonly url: string;
  /**
   * `paused`: the circuit is open, or the receiver asked for a wait. `failing`: the last call
   * failed.
   */
  readonly state: 'well' | 'failing' | 'paused' | 'disabled';
  readonly disabledAt: string | null;
  readonly disabledFor: DisabledFor | null;
  /** Since when all calls have failed. */
  readonly failingSince: string | null;
  /** Failures in a row. */
  readonly failures: number;
  readonly pausedUntil: string | null;
  readonly lastCalledAt: string | null;
  readonly lastDeliveredAt: string | null;
  /** Callbacks that have a permit. */
  readonly inHand: number;
  /** Callbacks in the wait queue. */
  readonly waiting: number;
}

/** Separates the attempts before and after a replay in the log of a callback. */
export interface Replay {
  readonly at: string;
  readonly outcome: 'replayed';
  readonly answer?: never;
}

export interface WebhookCounts {
  readonly delivered: number;
  readonly failed: number;
  readonly disabled: number;
}

export function createWebhookRecords(
  client: RedisClient,
  keys: Keys,
  clock: Clock = systemClock,
): WebhookRecords {
  const replay = loadScript(client, new URL('./replay.lua', import.meta.url), [JOB_HASH]);
  const view = async (tenantId: string, endpointId: string): Promise<EndpointView | undefined> => {
    const [state, inHand, waiting] = await Promise.all([
      client.hgetall(keys.endpoint(tenantId, endpointId)),
      client.zcard(keys.endpointPermits(tenantId, endpointId)),
      client.zcard(keys.endpointWaiting(tenantId, endpointId)),
    ]);
    const { url: stored, disabled_for: disabledFor } = state;
    const url = stored === undefined ? undefined : openAddress(keys.seal, tenantId, endpointId, stored);
    // Tenants of a partition share the names of its keys; the id says whose endpoint it is.
    if (url === undefined || endpointIdOf(tenantId, url) !== endpointId) return undefined;
    const failures = Number(state['failures'] ?? 0);
    const pausedUntil = momentOf(state['paused_until']);
    const isPaused = pausedUntil !== null && Date.parse(pausedUntil) > clock.now();
    return {
      endpointId,
      tenantId,
      url,
      state: disabledFor ? 'disabled' : isPaused ? 'paused' : failures > 0 ? 'failing' : 'well',
      disabledAt: momentOf(state['disabled_at']),
      disabledFor: (disabledFor as DisabledFor | undefined) ?? null,
      failingSince: momentOf(state['failing_since']),
      failures,
      pausedUntil: isPaused ? pausedUntil : null,
      lastCalledAt: momentOf(state['called_at']),
      lastDeliveredAt: momentOf(state['delivered_at']),
      inHand,
      waiting,
    };
  };

  return {
    endpoint: view,

    async endpoints(tenantId) {
      const ids = await client.zrange(keys.endpoints(tenantId), '0', '-1');
      const views = await Promise.all(ids.map((id) => view(tenantId, id)));
      return views
        .filter((found) => found !== undefined)
        .sort((a, b) => (b.lastCalledAt ?? '').localeCompare(a.lastCalledAt ?? ''));
    },

    async attempts(tenantId, jobId) {
      const log = await client.lrange(keys.attempts(tenantId, jobId), 0, -1);
      return log.map((entry) => readAttempt<Attempt | Replay>(keys.seal, tenantId, jobId, entry));
    },

    queueReplay(transaction, tenantId, jobIds) {
      const entry: Replay = { at: new Date(clock.now()).toISOString(), outcome: 'replayed' };
      const prefix = keys.own(tenantId);
      replay.queue(transaction, prefix, [prefix, JSON.stringify(entry), ...jobIds]);
    },

    async counts() {
      const counted = await Promise.all(keys.partitions().map((p) => client.hgetall(keys.webhookCounts(p))));
      const sum = (name: string) => counted.reduce((total, counts) => total + Number(counts[name] ?? 0), 0);
      return { delivered: sum('delivered'), failed: sum('failed'), disabled: sum('disabled') };
    },
  };
}

function momentOf(ms: string | undefined): string | null {
  return ms === undefined ? null : new Date(Number(ms)).toISOString();
}
