import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Config } from '../config/settings.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { loadScript, type ScriptArgument } from '../redis/script.ts';
import type { Attempt } from './attempt.ts';

/** A callback at its endpoint. */
export interface Caller {
  readonly tenantId: string;
  /** Id of the webhook job. */
  readonly jobId: string;
  readonly url: string;
}

/** One run of the job of a callback. */
export interface Call extends Caller {
  /** Different for each start of the job. */
  readonly run: number;
}

/** A callback whose turn has come, or will have come after the delay; BullMQ must be told. */
export interface CalledUp {
  readonly partition: number;
  readonly queue: 'webhook-delivery';
  readonly jobId: string;
  readonly delayMs: number;
}

/** Whether a callback may be sent now. */
export type Entrance =
  | { readonly verdict: 'go' /** Attempts that came to an end before. */; readonly calls: number }
  | { readonly verdict: 'wait'; readonly waitMs: number }
  | { readonly verdict: 'park' }
  /** An earlier attempt was, whose worker died before BullMQ heard of it. */
  | { readonly verdict: 'delivered'; readonly attempt: Attempt }
  | { readonly verdict: 'disabled'; readonly reason: DisabledFor };

/** `gone`: the receiver answered 410. `failing`: nothing but failures for WEBHOOK_DISABLE_AFTER. */
export type DisabledFor = 'gone' | 'failing';

/**
 * Who may call which endpoint when. All state is in Redis and every decision is one script by its clock, so that it
 * holds for any number of replicas, any of which may die at any line. `endpoint.lua` tells how.
 *
 * Every act may find that other callbacks have got their turn, and has them woken.
 */
export interface Endpoints {
  enter(call: Call): Promise<Entrance>;
  /**
   * @param againInMs when a callback that was not delivered is to be sent again.
   * @returns why this attempt disabled the endpoint, if it did.
   */
  leave(call: Call, attempt: Attempt, againInMs: number): Promise<DisabledFor | undefined>;
  /** Whether a callback got its turn while BullMQ was being told to delay it. @param isParked nobody but us wakes it. */
  recheck(caller: Caller, isParked: boolean): Promise<void>;
  enable(tenantId: string, endpointId: string): Promise<'enabled' | 'was-enabled' | 'unknown'>;
  /** Repairs all endpoints of a partition that somebody waits for. */
  reconcile(partition: number): Promise<void>;
}

export interface EndpointsOptions {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly wake: (called: readonly CalledUp[]) => Promise<void>;
  /** Name of this worker process. */
  readonly worker: string;
  /** Callbacks that one endpoint has in hand at the same time, and all endpoints of a tenant together. */
  readonly places: number;
  readonly tenantPlaces: number;
  /** Longest time that a call may take, ms: its place is given to another after that. */
  readonly callMs: number;
  readonly disableAfterMs: number;
  /** How long attempts are remembered of a callback that was not delivered, ms. */
  readonly keepAttemptsMs: number;
  /** Tests hold the time still; without it the clock of Redis counts. */
  readonly now?: () => number;
}

/** What endpoints take from the settings. */
export function endpointSettings(config: Config) {
  const tenantPlaces = Math.max(1, Math.floor(config.workerConcurrency / 4));
  return {
    tenantPlaces,
    places: Math.min(config.webhookEndpointConcurrency, tenantPlaces),
    callMs: Math.max(config.webhookTimeoutMs, config.analyticsTimeoutMs) + CALL_MARGIN_MS,
    disableAfterMs: config.webhookDisableAfterMs,
    keepAttemptsMs: config.keepFailedMs,
  };
}

/** What a call may take beyond its time-out: until its answer is noted. */
const CALL_MARGIN_MS = 2000;
const ATTEMPTS_KEPT = 20;
/** How long the attempts of a delivered callback are remembered, ms. That it was delivered stands in its job, too. */
const KEEP_DELIVERED_MS = 86_400_000;

/** The address without its query, where values of a single job may stand, and without a fragment. */
export function endpointUrlOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** The id of an endpoint: the same for everybody who calls this address for this tenant. */
export function endpointIdOf(tenantId: string, url: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([tenantId, endpointUrlOf(url)]))
    .digest('hex');
  return `ep-${digest.slice(0, 20)}`;
}

export function createEndpoints(options: EndpointsOptions): Endpoints {
  const { client, keys, places, tenantPlaces } = options;
  const prelude = readFileSync(new URL('./endpoint.lua', import.meta.url), 'utf8');
  const load = (act: string) =>
    loadScript(client, new URL(`./endpoint-${act}.lua`, import.meta.url), [prelude]);
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
    const shared = [options.now?.() ?? '', keys.own(tenantId), tenantId, places, tenantPlaces, endpointId];
    return await scripts[name].run([...shared, ...args]);
  }

  /** Two values per callback: id, delay. */
  async function wake(tenantId: string, reply: unknown): Promise<void> {
    const values = reply as (string | number)[];
    const partition = keys.partitionOf(tenantId);
    const called: CalledUp[] = [];
    for (let at = 0; at < values.length; at += 2) {
      const [jobId, delayMs] = values.slice(at, at + 2);
      called.push({ partition, queue: 'webhook-delivery', jobId: String(jobId), delayMs: Number(delayMs) });
    }
    // Who is not woken now is found by the reconciler; what was done stays done.
    await options.wake(called).catch(() => {});
  }

  const idOf = ({ tenantId, url }: Caller) => endpointIdOf(tenantId, url);

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

    async leave(caller, attempt, againInMs) {
      const isDelivered = attempt.outcome === 'delivered';
      const args = [
        caller.jobId,
        VERDICTS[attempt.outcome],
        attempt.retryAfterMs ?? -1,
        JSON.stringify(attempt),
        isDelivered ? KEEP_DELIVERED_MS : options.keepAttemptsMs,
        ATTEMPTS_KEPT,
        options.disableAfterMs,
        caller.run,
        options.worker,
        againInMs,
      ];
      const reply = await act('leave', caller.tenantId, idOf(caller), args);
      const [disabled, wakes] = reply as [DisabledFor | '', unknown];
      await wake(caller.tenantId, wakes);
      return disabled === '' ? undefined : disabled;
    },

    async recheck(caller, isParked) {
      const args = [caller.jobId, isParked ? 1 : 0];
      await wake(caller.tenantId, await act('recheck', caller.tenantId, idOf(caller), args));
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

type EnterReply = [Entrance['verdict'], number, string, unknown, number];

/** What an attempt says about its endpoint; see endpoint-leave.lua. */
const VERDICTS: Readonly<Record<Attempt['outcome'], string>> = {
  delivered: 'delivered',
  refused: 'failed',
  gone: 'gone',
  unreachable: 'failed',
  // We did not call: nothing is known of the endpoint.
  forbidden: 'neutral',
  abandoned: 'neutral',
};
