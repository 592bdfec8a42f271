import type { Config } from '../config/settings.ts';
import type { ScriptArgument } from '../redis/script.ts';
import type { Attempt } from './attempt.ts';
import { endpointOf } from './endpoint-id.ts';
import { type EndpointsOptions, loadEndpointScripts } from './endpoint-scripts.ts';
import { createAddressSeal, writeAttempt } from './sealed.ts';

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

/** A callback that enters its queue. */
export interface NewCallback extends CallbackRef {
  /** The data and the options of its job, JSON as BullMQ stores it. */
  readonly data: string;
  readonly options: string;
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
 * All state is in Redis, and scripts decide, by the clock of Redis. So the limits hold over all
 * replicas, and a worker may die at any line. Each method may grant permits to other callbacks, and
 * wakes their jobs then. The acts `arrive`, `enter` and `leave` of one turn of the event loop are one
 * script.
 */
export interface Endpoints {
  /**
   * Enqueues a callback, parked unless a permit is free. Does nothing when the queue has a job with
   * this id.
   */
  arrive(callback: NewCallback): Promise<void>;
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
  enable(tenantId: string, endpointId: string): Promise<EnableOutcome>;
  /** Repairs all endpoints of a partition that have callbacks. */
  reconcile(partition: number): Promise<void>;
}

export type EnableOutcome = 'enabled' | 'was-enabled' | 'unknown';

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
/** How long the attempts of a delivered callback are kept, ms. Its job records the delivery too. */
const KEEP_DELIVERED_MS = 86_400_000;

export function createEndpoints(options: EndpointsOptions): Endpoints {
  const { client, keys } = options;
  const scripts = loadEndpointScripts(options);
  const addressOf = createAddressSeal(keys.seal);

  async function perform(
    kind: 'arrive' | 'enter' | 'leave',
    { tenantId, jobId, url }: CallbackRef,
    args: readonly ScriptArgument[],
  ): Promise<unknown> {
    const { id } = endpointOf(tenantId, url);
    return await scripts.acts.perform(keys.partitionOf(tenantId), id, [kind, tenantId, id, jobId, ...args]);
  }

  const wake = (tenantId: string, reply: unknown) => scripts.wake(keys.partitionOf(tenantId), reply);

  return {
    async arrive(callback) {
      await perform('arrive', callback, [callback.data, callback.options]);
    },

    async enter(call) {
      const args = [call.run, addressOf(call.tenantId, call.url)];
      const [verdict, waitMs, reason, calls] = (await perform('enter', call, args)) as EnterReply;
      if (verdict === 'wait') return { verdict, waitMs };
      if (verdict === 'delivered') return { verdict, attempt: JSON.parse(reason) as Attempt };
      if (verdict === 'disabled') return { verdict, reason: reason as DisabledFor };
      return verdict === 'go' ? { verdict, calls } : { verdict };
    },

    async leave(call, attempt) {
      const isDelivered = attempt.outcome === 'delivered';
      const disabled = await perform('leave', call, [
        call.run,
        VERDICTS[attempt.outcome],
        attempt.retryAfterMs ?? -1,
        writeAttempt(keys.seal, call.tenantId, call.jobId, attempt),
        isDelivered ? KEEP_DELIVERED_MS : options.keepAttemptsMs,
      ]);
      return disabled === '' ? undefined : (disabled as DisabledFor);
    },

    async recheck({ tenantId, jobId, url }, isParked) {
      const { id } = endpointOf(tenantId, url);
      await wake(tenantId, await scripts.run('recheck', tenantId, id, [jobId, isParked ? 1 : 0]));
    },

    async enable(tenantId, endpointId) {
      // A tenant that moves may have callbacks in both partitions.
      const outcomes: EnableOutcome[] = [];
      for (const partition of keys.layout.placesOf(tenantId))
        outcomes.push(await keys.within(partition, () => enableHere(tenantId, endpointId)));
      return (['enabled', 'was-enabled'] as const).find((outcome) => outcomes.includes(outcome)) ?? 'unknown';
    },

    async reconcile(partition) {
      for await (const batch of client.sscanStream(`${keys.ownOf(partition)}endpoints-occupied`)) {
        for (const occupied of batch as string[]) {
          const [tenantId = '', endpointId = ''] = occupied.split(' ');
          await wake(tenantId, await scripts.run('reconcile', tenantId, endpointId));
        }
      }
    },
  };

  async function enableHere(tenantId: string, endpointId: string): Promise<EnableOutcome> {
    const reply = await scripts.run('enable', tenantId, endpointId);
    const [outcome, wakes] = reply as [EnableOutcome, unknown];
    await wake(tenantId, wakes);
    return outcome;
  }
}

type EnterReply = [EnterDecision['verdict'], number, string, number];

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
