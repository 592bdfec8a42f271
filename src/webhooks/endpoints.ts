import { createHash } from 'node:crypto';
import type { Config } from '../config/settings.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { JOB_HASH, loadScript, type ScriptArgument } from '../redis/script.ts';
import type { Attempt } from './attempt.ts';

/** Names a callback and its endpoint. */
export interface CallbackRef {
  readonly tenantId: string;
  /** Id of the webhook job. */
  readonly jobId: string;
  readonly url: string;
}

/** One run of a callback's job. */
export interface Call extends CallbackRef {
  /** Number of the run, different for each start of the job. */
  readonly run: number;
}

/** A callback that was granted a permit. BullMQ must run its job after the delay. */
export interface WokenCallback {
  readonly partition: number;
  readonly queue: 'webhook-delivery';
  readonly jobId: string;
  readonly delayMs: number;
}

/** Whether a run may call the endpoint now. */
export type EnterDecision =
  /** `calls`: attempts that ended before. */
  | { readonly verdict: 'go'; readonly calls: number }
  | { readonly verdict: 'wait'; readonly waitMs: number }
  /** Another script wakes the job. */
  | { readonly verdict: 'park' }
  /** An earlier attempt was delivered, and its worker died before BullMQ recorded that. */
  | { readonly verdict: 'delivered'; readonly attempt: Attempt }
  | { readonly verdict: 'disabled'; readonly reason: DisabledFor };

/** `gone`: the receiver answered 410. `failing`: all calls failed for WEBHOOK_DISABLE_AFTER. */
export type DisabledFor = 'gone' | 'failing';

/**
 * Decides which callback may call which endpoint, and when. `endpoint.lua` draws the states.
 *
 * All state is in Redis, and each decision is one script that uses the clock of Redis. So the
 * limits hold over all replicas, and a worker may die at any line. Each method may grant permits to
 * other callbacks. It then wakes their jobs.
 */
export interface Endpoints {
  /** Asks for a permit. */
  enter(call: Call): Promise<EnterDecision>;
  /**
   * Records an attempt and releases the permit.
   * @returns why this attempt disabled the endpoint; undefined if it did not.
   */
  leave(call: Call, attempt: Attempt): Promise<DisabledFor | undefined>;
  /**
   * Wakes the job of a callback that was granted a permit while BullMQ was delaying the job.
   * @param isParked whether the job waits until a script wakes it.
   */
  recheck(callback: CallbackRef, isParked: boolean): Promise<void>;
  /** Lets callbacks go to the endpoint again, and ends its pause. */
  enable(tenantId: string, endpointId: string): Promise<'enabled' | 'was-enabled' | 'unknown'>;
  /** Repairs all endpoints of a partition that have callbacks. */
  reconcile(partition: number): Promise<void>;
}

export interface EndpointsOptions {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly wake: (callbacks: readonly WokenCallback[]) => Promise<void>;
  /** Name of this worker process. */
  readonly worker: string;
  /** Concurrency limit of one endpoint: calls under way at the same time. */
  readonly concurrency: number;
  /** Concurrency limit of all endpoints of a tenant together. */
  readonly tenantConcurrency: number;
  /** Longest time of a call, ms. After it the permit expires. */
  readonly callMs: number;
  readonly disableAfterMs: number;
  /** How long the attempts of an undelivered callback are kept, ms. */
  readonly keepAttemptsMs: number;
  /** Clock of the tests. Without it the clock of Redis counts. */
  readonly now?: () => number;
}

/** The options that come from the settings. */
export function endpointSettings(config: Config) {
  const tenantConcurrency = Math.max(1, Math.floor(config.workerConcurrency / 4));
  return {
    tenantConcurrency,
    concurrency: Math.min(config.webhookEndpointConcurrency, tenantConcurrency),
    callMs: Math.max(config.webhookTimeoutMs, config.analyticsTimeoutMs) + CALL_MARGIN_MS,
    disableAfterMs: config.webhookDisableAfterMs,
    keepAttemptsMs: config.keepFailedMs,
  };
}

/** Time for recording an answer that comes just before the time-out, ms. */
const CALL_MARGIN_MS = 2000;
/** Longest log of attempts of one callback. */
const ATTEMPTS_KEPT = 20;
/** How long the attempts of a delivered callback are kept, ms. Its job records the delivery too. */
const KEEP_DELIVERED_MS = 86_400_000;

/** The address without query and fragment. A query may hold values of a single job. */
export function endpointUrlOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** The id of an endpoint, made from the tenant and the address. */
export function endpointIdOf(tenantId: string, url: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([tenantId, endpointUrlOf(url)]))
    .digest('hex');
  return `ep-${digest.slice(0, 20)}`;
}

export function createEndpoints(options: EndpointsOptions): Endpoints {
  const { client, keys, concurrency, tenantConcurrency } = options;
  const preludes = [JOB_HASH, fileOf('endpoint')];
  const load = (act: string) => loadScript(client, fileOf(`endpoint-${act}`), preludes);
  const scripts = {
    enter: load('enter'),
    leave: load('leave'),
    recheck: load('recheck'),
    enable: load('enable'),
    reconcile: load('reconcile'),
  };

  async function act(
    name: keyof typeof scripts,
    tenantId: string,
    endpointId: string,
    args: readonly ScriptArgument[] = [],
  ): Promise<unknown> {
    const shared = [
      options.now?.() ?? '',
      keys.own(tenantId),
      tenantId,
      concurrency,
      tenantConcurrency,
      endpointId,
    ];
    return await scripts[name].run([...shared, ...args]);
  }

  /** @param reply two values for each callback: id, delay. */
  async function wake(tenantId: string, reply: unknown): Promise<void> {
    const values = reply as (string | number)[];
    const partition = keys.partitionOf(tenantId);
    const callbacks: WokenCallback[] = [];
    for (let at = 0; at < values.length; at += 2) {
      const [jobId, delayMs] = values.slice(at, at + 2);
      callbacks.push({
        partition,
        queue: 'webhook-delivery',
        jobId: String(jobId),
        delayMs: Number(delayMs),
      });
    }
    // The script has already changed the state, so this must not fail. The reconciler finds the
    // callbacks that are not woken now.
    await options.wake(callbacks).catch(() => {});
  }

  const idOf = ({ tenantId, url }: CallbackRef) => endpointIdOf(tenantId, url);

  return {
    async enter(call) {
      const { tenantId, jobId, url, run } = call;
      const args = [jobId, endpointUrlOf(url), options.callMs, run];
      const reply = await act('enter', tenantId, idOf(call), args);
      const [verdict, waitMs, reason, wakes, calls] = reply as EnterReply;
      await wake(tenantId, wakes);
      if (verdict === 'wait') return { verdict, waitMs };
      if (verdict === 'delivered') return { verdict, attempt: JSON.parse(reason) as Attempt };
      if (verdict === 'disabled') return { verdict, reason: reason as DisabledFor };
      return verdict === 'go' ? { verdict, calls } : { verdict };
    },

    async leave(call, attempt) {
      const isDelivered = attempt.outcome === 'delivered';
      const args = [
        call.jobId,
        VERDICTS[attempt.outcome],
        attempt.retryAfterMs ?? -1,
        JSON.stringify(attempt),
        isDelivered ? KEEP_DELIVERED_MS : options.keepAttemptsMs,
        ATTEMPTS_KEPT,
        options.disableAfterMs,
        call.run,
        options.worker,
      ];
      const reply = await act('leave', call.tenantId, idOf(call), args);
      const [disabled, wakes] = reply as [DisabledFor | '', unknown];
      await wake(call.tenantId, wakes);
      return disabled === '' ? undefined : disabled;
    },

    async recheck(callback, isParked) {
      const { tenantId, jobId } = callback;
      const args = [jobId, isParked ? 1 : 0];
      await wake(tenantId, await act('recheck', tenantId, idOf(callback), args));
    },

    async enable(tenantId, endpointId) {
      const reply = await act('enable', tenantId, endpointId);
      const [outcome, wakes] = reply as ['enabled' | 'was-enabled' | 'unknown', unknown];
      await wake(tenantId, wakes);
      return outcome;
    },

    async reconcile(partition) {
      for await (const batch of client.sscanStream(`${keys.ownOf(partition)}endpoints-occupied`)) {
        for (const occupied of batch as string[]) {
          const [tenantId = '', endpointId = ''] = occupied.split(' ');
          await wake(tenantId, await act('reconcile', tenantId, endpointId));
        }
      }
    },
  };
}

type EnterReply = [EnterDecision['verdict'], number, string, unknown, number];

/** What an attempt says about its endpoint, as endpoint-leave.lua reads it. */
const VERDICTS: Readonly<Record<Attempt['outcome'], string>> = {
  delivered: 'delivered',
  refused: 'failed',
  gone: 'gone',
  unreachable: 'failed',
  // The call was not made, or not finished: it says nothing about the endpoint.
  forbidden: 'neutral',
  abandoned: 'neutral',
};

function fileOf(name: string): URL {
  return new URL(`./${name}.lua`, import.meta.url);
}
