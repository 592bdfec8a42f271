import { expect } from 'vitest';
import type { CallbackRef } from '../../../src/webhooks/endpoints.ts';
import { openEndpointStage } from './endpoint-stage.ts';

const CONCURRENCY = 2;
const TENANT_CONCURRENCY = 3;
/** A call may take longer than a permit is kept for a callback that does not come. */
const CALL_MS = 20_000;
/** Time until the next attempt, after a failure. */
const AGAIN_MS = 5000;
const URLS = ['https://a.example/', 'https://b.example/', 'https://c.example/'];

/** What a worker does with a callback: all acts of one turn of the event loop go to Redis together. */
export type TurnAct = 'arrive' | 'come' | 'succeed' | 'fail';

export interface Turn {
  /** The number chooses among the callbacks or calls that the act can apply to. */
  readonly acts: readonly { readonly act: TurnAct; readonly who: number }[];
  /** A reply is lost, and the client sends the acts again. */
  readonly isRepeated: boolean;
}

interface OneCall {
  readonly jobId: string;
  readonly until: number;
  hasLock: boolean;
}

/** An act that is chosen, and what follows when its reply is there. */
interface Begun {
  send(): Promise<unknown>;
  follow(reply: unknown): Promise<void>;
}

/**
 * A tenant's callbacks, with real scripts and the lists of a real queue. Workers die, and wakes get lost.
 * The queue has no worker: the game takes jobs out of its lists and puts them back.
 */
export function openEndpointGame() {
  const stage = openEndpointStage({
    concurrency: CONCURRENCY,
    tenantConcurrency: TENANT_CONCURRENCY,
    callMs: CALL_MS,
  });
  const { endpoints, clock, queue } = stage;
  const urlOf = new Map<string, string>();
  /** Callbacks in BullMQ's delayed set, with the moment at which they are due unless woken. */
  const delayed = new Map<string, number>();
  /** Callbacks that a worker may take. */
  const waiting = new Set<string>();
  /** Calls under way, by run, with the moment at which each is certainly over. */
  const calling = new Map<number, OneCall>();
  /** Callbacks whose worker died, or lost the lock. BullMQ hands them over again. */
  const stalled = new Set<string>();
  const delivered = new Set<string>();
  let runs = 0;
  let losesNextWake = false;

  const refOf = (jobId: string): CallbackRef => ({ tenantId: 'acme', jobId, url: urlOf.get(jobId) ?? '' });
  const due = () => [...delayed].filter(([, at]) => at <= clock.now()).map(([jobId]) => jobId);

  /** Reads which jobs the scripts have woken, and wakes those that they leave to the worker. */
  const wake = async () => {
    for (const jobId of await stage.waitingJobs()) {
      waiting.add(jobId);
      delayed.delete(jobId);
    }
    const left = stage.wakesLeft();
    const isLost = losesNextWake && left.length > 0;
    if (isLost) losesNextWake = false;
    for (const { jobId, delayMs } of isLost ? [] : left) {
      if (delayed.has(jobId)) delayed.set(jobId, clock.now() + delayMs);
    }
  };

  const delay = async (jobId: string, untilMs: number) => {
    await stage.delay(jobId);
    delayed.set(jobId, untilMs);
  };

  const check = () => {
    const current = [...calling.values()].filter(({ until }) => until > clock.now());
    expect(current.length).toBeLessThanOrEqual(TENANT_CONCURRENCY);
    expect(new Set(current.map(({ jobId }) => jobId)).size).toBe(current.length);
    for (const url of URLS) {
      const there = current.filter(({ jobId }) => urlOf.get(jobId) === url);
      expect(there.length).toBeLessThanOrEqual(CONCURRENCY);
    }
  };

  const arrive = (which: number): Begun => {
    const jobId = `w${urlOf.size}`;
    urlOf.set(jobId, URLS[which % URLS.length] ?? '');
    return {
      send: () => endpoints.arrive({ ...refOf(jobId), data: '{}', options: '{}' }),
      async follow() {
        if (!(await stage.waitingJobs()).includes(jobId)) delayed.set(jobId, Number.POSITIVE_INFINITY);
      },
    };
  };

  /** A worker has taken the job out of its list. */
  const enter = (jobId: string): Begun => {
    const run = ++runs;
    // The acts of a turn are performed in their order.
    const wasDelivered = delivered.has(jobId);
    return {
      send: () => endpoints.enter({ ...refOf(jobId), run }),
      async follow(reply) {
        const decision = reply as Awaited<ReturnType<typeof endpoints.enter>>;
        if (decision.verdict === 'delivered') return void (await queue.remove(jobId));
        expect(wasDelivered).toBe(false);
        if (decision.verdict === 'go') {
          calling.set(run, { jobId, until: clock.now() + CALL_MS, hasLock: true });
          return;
        }
        const isParked = decision.verdict === 'park';
        const waitMs = decision.verdict === 'wait' ? decision.waitMs : Number.POSITIVE_INFINITY;
        await delay(jobId, clock.now() + waitMs);
        await endpoints.recheck(refOf(jobId), isParked);
      },
    };
  };

  const leave = (run: number, { jobId, hasLock }: OneCall, outcome: 'delivered' | 'refused'): Begun => ({
    send: () => endpoints.leave({ ...refOf(jobId), run }, { at: String(run), outcome, latencyMs: 1 }),
    async follow() {
      // Without the lock, the worker cannot change the job in BullMQ.
      if (hasLock && outcome === 'delivered') await queue.remove(jobId);
      else if (hasLock) await delay(jobId, clock.now() + AGAIN_MS);
    },
  });

  const take = async (jobId: string) => {
    delayed.delete(jobId);
    stalled.delete(jobId);
    waiting.delete(jobId);
    await stage.take(jobId);
  };

  /** Chooses what the act applies to. Nothing is sent yet. */
  const begin = async (act: TurnAct, who: number): Promise<Begun | undefined> => {
    if (act === 'arrive') return arrive(who);
    if (act === 'come') {
      const jobId = pick([...waiting, ...due(), ...stalled], who);
      if (jobId === undefined) return undefined;
      await take(jobId);
      return enter(jobId);
    }
    const [run, call] = pick(calling, who) ?? [];
    if (run === undefined || !call) return undefined;
    calling.delete(run);
    const outcome = act === 'succeed' ? 'delivered' : 'refused';
    if (outcome === 'delivered') delivered.add(call.jobId);
    return leave(run, call, outcome);
  };

  const game = {
    async turn({ acts, isRepeated }: Turn) {
      const begun: Begun[] = [];
      for (const { act, who } of acts) {
        const one = await begin(act, who);
        if (one) begun.push(one);
      }
      let replies = await Promise.all(begun.map((one) => one.send()));
      if (isRepeated) replies = await Promise.all(begun.map((one) => one.send()));
      for (const [index, one] of begun.entries()) await one.follow(replies[index]);
      await wake();
      check();
    },
    /** Another program enqueues a callback: the endpoint does not know it. */
    async appear(which: number) {
      const jobId = `w${urlOf.size}`;
      urlOf.set(jobId, URLS[which % URLS.length] ?? '');
      await queue.add('webhook-delivery', {}, { jobId, timestamp: clock.now() });
      await wake();
    },
    /** A worker dies during its call. */
    async die(who: number) {
      const [run, call] = pick(calling, who) ?? [];
      if (run === undefined || !call) return;
      calling.delete(run);
      if (call.hasLock) stalled.add(call.jobId);
    },
    /** A worker loses the lock of the job during its call, and goes on. */
    async lose(who: number) {
      const [, call] = pick(calling, who) ?? [];
      if (!call?.hasLock) return;
      call.hasLock = false;
      stalled.add(call.jobId);
    },
    /** A worker dies before it wakes callbacks: the next wake that is left to a worker is lost. */
    async forget(_who: number) {
      losesNextWake = true;
    },
    async wait(ms: number) {
      clock.advance(ms);
    },
    async reconcile() {
      await endpoints.reconcile(0);
      await wake();
    },
    /** From now on all calls succeed. Every callback must be delivered. */
    async finish() {
      for (let round = 0; ; round++) {
        const left = [...urlOf.keys()].filter((jobId) => !delivered.has(jobId));
        if (left.length === 0 && calling.size === 0) return;
        if (round > 2000) throw new Error(`${left.join(', ')} were never delivered`);
        const succeed = Array.from(calling, () => ({ act: 'succeed', who: 0 }) as const);
        const come = Array.from([...waiting, ...due(), ...stalled], () => ({ act: 'come', who: 0 }) as const);
        await game.turn({ acts: [...succeed, ...come], isRepeated: false });
        clock.advance(1000);
        if (round % 5 === 0) await game.reconcile();
      }
    },
  };
  return game;
}

function pick<Item>(items: Iterable<Item>, index: number): Item | undefined {
  const all = [...items];
  return all[index % Math.max(1, all.length)];
}
