import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openEndpointStage } from '../../support/webhooks/endpoint-stage.ts';

const CONCURRENCY = 2;
const TENANT_CONCURRENCY = 3;
const CALL_MS = 12_000;
/** Time until the next attempt, after a failure. */
const AGAIN_MS = 5000;
const URLS = ['https://a.example/', 'https://b.example/', 'https://c.example/'];

/** One random step. The number chooses among the callbacks or calls that the step can apply to. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ act: fc.constant('arrive' as const), who: fc.nat(2) }) },
  { weight: 6, arbitrary: fc.record({ act: fc.constant('come' as const), who: fc.nat(20) }) },
  { weight: 5, arbitrary: fc.record({ act: fc.constant('succeed' as const), who: fc.nat(20) }) },
  { weight: 5, arbitrary: fc.record({ act: fc.constant('fail' as const), who: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('die' as const), who: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('lose' as const), who: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('forget' as const), who: fc.nat(0) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('wait' as const), who: fc.nat(20_000) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('reconcile' as const), who: fc.nat(0) }) },
);

test('random steps never exceed a concurrency limit or send a callback twice, and every callback is delivered', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 150, size: 'max' }), async (steps) => {
      const game = openGame();
      for (const { act, who } of steps) await game[act](who);
      await game.finish();
    }),
    // After a failure, the search for a shorter example ends in time for a report.
    { numRuns: 80, interruptAfterTimeLimit: 60_000 },
  );
});

interface OneCall {
  readonly jobId: string;
  readonly until: number;
  hasLock: boolean;
}

/** A tenant's callbacks. Workers die and wakes get lost. The lists stand for BullMQ. */
function openGame() {
  const stage = openEndpointStage({ concurrency: CONCURRENCY, tenantConcurrency: TENANT_CONCURRENCY });
  const urlOf = new Map<string, string>();
  /** Callbacks in BullMQ's delayed set, with the moment at which they are due unless woken. */
  const delayed = new Map<string, number>();
  /** Calls under way, by run, with the moment at which each is certainly over. */
  const calling = new Map<number, OneCall>();
  /** Callbacks whose worker died, or lost the lock. BullMQ hands them over again. */
  const stalled = new Set<string>();
  const delivered = new Set<string>();
  let runs = 0;
  let count = 0;
  let losesNextWake = false;

  const refOf = (jobId: string) => ({ tenantId: 'acme', jobId, url: urlOf.get(jobId) ?? '' });

  const wake = () => {
    const all = stage.woken();
    const isLost = losesNextWake && all.length > 0;
    if (isLost) losesNextWake = false;
    for (const woken of isLost ? [] : all) {
      const [jobId = '', inMs] = woken.split(' in ');
      // BullMQ can wake delayed jobs only.
      if (delayed.has(jobId)) delayed.set(jobId, stage.clock.now() + Number(inMs ?? 0));
    }
  };

  const check = () => {
    const now = stage.clock.now();
    const current = [...calling.values()].filter(({ until }) => until > now);
    expect(current.length).toBeLessThanOrEqual(TENANT_CONCURRENCY);
    expect(new Set(current.map(({ jobId }) => jobId)).size).toBe(current.length);
    for (const url of URLS) {
      const there = current.filter(({ jobId }) => urlOf.get(jobId) === url);
      expect(there.length).toBeLessThanOrEqual(CONCURRENCY);
    }
  };

  const enter = async (jobId: string) => {
    const run = ++runs;
    const { endpoints, clock, queue } = stage;
    const decision = await endpoints.enter({ ...refOf(jobId), run });
    if (decision.verdict === 'delivered') {
      await queue.remove(jobId);
      return wake();
    }
    expect(delivered).not.toContain(jobId);
    if (decision.verdict === 'go') {
      calling.set(run, { jobId, until: clock.now() + CALL_MS, hasLock: true });
    }
    if (decision.verdict === 'wait') delayed.set(jobId, clock.now() + decision.waitMs);
    if (decision.verdict === 'park') delayed.set(jobId, Number.POSITIVE_INFINITY);
    wake();
    if (decision.verdict !== 'go') {
      await endpoints.recheck(refOf(jobId), decision.verdict === 'park');
      wake();
    }
    check();
  };

  const leave = async (run: number, outcome: 'delivered' | 'refused') => {
    const call = calling.get(run);
    if (!call) return;
    const { jobId, hasLock } = call;
    calling.delete(run);
    if (outcome === 'delivered') delivered.add(jobId);
    const attempt = { at: String(run), outcome, latencyMs: 1 };
    await stage.endpoints.leave({ ...refOf(jobId), run }, attempt);
    // Without the lock, the worker cannot change the job in BullMQ.
    if (hasLock && outcome === 'delivered') await stage.queue.remove(jobId);
    else if (hasLock) delayed.set(jobId, stage.clock.now() + AGAIN_MS);
    wake();
  };

  const pick = <Item>(items: Iterable<Item>, index: number): Item | undefined => {
    const all = [...items];
    return all[index % Math.max(1, all.length)];
  };
  const due = () => [...delayed].filter(([, at]) => at <= stage.clock.now()).map(([jobId]) => jobId);

  const game = {
    async arrive(which: number) {
      const jobId = `w${count++}`;
      urlOf.set(jobId, URLS[which] ?? '');
      await stage.make(jobId, { url: URLS[which] ?? '' });
      await enter(jobId);
    },
    async come(who: number) {
      const jobId = pick([...due(), ...stalled], who);
      if (jobId === undefined) return;
      delayed.delete(jobId);
      stalled.delete(jobId);
      await enter(jobId);
    },
    async succeed(who: number) {
      const run = pick(calling.keys(), who);
      if (run !== undefined) await leave(run, 'delivered');
    },
    async fail(who: number) {
      const run = pick(calling.keys(), who);
      if (run !== undefined) await leave(run, 'refused');
    },
    /** A worker dies during its call. */
    async die(who: number) {
      const run = pick(calling.keys(), who);
      const call = run === undefined ? undefined : calling.get(run);
      if (run === undefined || !call) return;
      calling.delete(run);
      if (call.hasLock) stalled.add(call.jobId);
    },
    /** A worker loses the lock of the job during its call, and goes on. */
    async lose(who: number) {
      const run = pick(calling.keys(), who);
      const call = run === undefined ? undefined : calling.get(run);
      if (!call?.hasLock) return;
      call.hasLock = false;
      stalled.add(call.jobId);
    },
    /** A worker dies before it wakes callbacks: the next wake is lost. */
    async forget(_who: number) {
      losesNextWake = true;
    },
    async wait(ms: number) {
      stage.clock.advance(ms);
    },
    async reconcile() {
      await stage.endpoints.reconcile(0);
      wake();
    },
    /** From now on all calls succeed. Every callback must be delivered. */
    async finish() {
      for (let round = 0; urlOf.size > 0; round++) {
        const left = [...delayed.keys(), ...[...calling.values()].map(({ jobId }) => jobId), ...stalled];
        if (left.length === 0) return;
        if (round > 2000) throw new Error(`${left.join(', ')} were never delivered`);
        for (const run of [...calling.keys()]) await leave(run, 'delivered');
        for (const jobId of [...due(), ...stalled]) {
          delayed.delete(jobId);
          stalled.delete(jobId);
          await enter(jobId);
        }
        stage.clock.advance(1000);
        if (round % 5 === 0) await game.reconcile();
      }
    },
  };
  return game;
}
