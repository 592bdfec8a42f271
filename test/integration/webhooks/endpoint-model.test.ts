import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AGAIN_MS, openEndpointStage } from '../../support/webhooks/endpoint-stage.ts';

const PLACES = 2;
const TENANT_PLACES = 3;
const CALL_MS = 12_000;
const URLS = ['https://a.example/', 'https://b.example/', 'https://c.example/'];

/** What may happen next. Numbers choose among those whom it may happen to. */
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

test('whatever happens, no endpoint and no tenant has more calls than places, no callback is called twice at a time or once it was delivered, and each gets its turn', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 150, size: 'max' }), async (steps) => {
      const game = openGame();
      for (const { act, who } of steps) await game[act](who);
      await game.finish();
    }),
    { numRuns: 80 },
  );
}, 120_000);

interface OneCall {
  readonly jobId: string;
  readonly until: number;
  hasLock: boolean;
}

/** A tenant's callbacks, whose workers die, and are woken or not; BullMQ is played by the lists. */
function openGame() {
  const stage = openEndpointStage({ places: PLACES, tenantPlaces: TENANT_PLACES });
  const urlOf = new Map<string, string>();
  /** In BullMQ's delayed set: due at a moment, or when woken. */
  const delayed = new Map<string, number>();
  /** Calls under way, by run, with the moment at which each is surely over. */
  const calling = new Map<number, OneCall>();
  /** Whose worker died, or lost the lock: BullMQ hands them over again. */
  const stalled = new Set<string>();
  const delivered = new Set<string>();
  let runs = 0;
  let count = 0;
  let isDeaf = false;

  const callerOf = (jobId: string) => ({ tenantId: 'acme', jobId, url: urlOf.get(jobId) ?? '' });

  const wake = () => {
    const all = stage.woken();
    const isLost = isDeaf && all.length > 0;
    if (isLost) isDeaf = false;
    for (const told of isLost ? [] : all) {
      const [jobId = '', inMs] = told.split(' in ');
      // Only what is delayed can be woken.
      if (delayed.has(jobId)) delayed.set(jobId, stage.clock.now() + Number(inMs ?? 0));
    }
  };

  const check = () => {
    const now = stage.clock.now();
    const current = [...calling.values()].filter(({ until }) => until > now);
    expect(current.length).toBeLessThanOrEqual(TENANT_PLACES);
    expect(new Set(current.map(({ jobId }) => jobId)).size).toBe(current.length);
    for (const url of URLS) {
      const there = current.filter(({ jobId }) => urlOf.get(jobId) === url);
      expect(there.length).toBeLessThanOrEqual(PLACES);
    }
  };

  const enter = async (jobId: string) => {
    const run = ++runs;
    const { endpoints, clock, queue } = stage;
    const entrance = await endpoints.enter({ ...callerOf(jobId), run });
    if (entrance.verdict === 'delivered') {
      await queue.remove(jobId);
      return wake();
    }
    expect(delivered).not.toContain(jobId);
    if (entrance.verdict === 'go') {
      calling.set(run, { jobId, until: clock.now() + CALL_MS, hasLock: true });
    }
    if (entrance.verdict === 'wait') delayed.set(jobId, clock.now() + entrance.waitMs);
    if (entrance.verdict === 'park') delayed.set(jobId, Number.POSITIVE_INFINITY);
    wake();
    if (entrance.verdict !== 'go') {
      await endpoints.recheck(callerOf(jobId), entrance.verdict === 'park');
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
    await stage.endpoints.leave({ ...callerOf(jobId), run }, attempt, AGAIN_MS);
    // Without the lock BullMQ does not hear of it.
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
    /** A worker dies with a callback in its hands. */
    async die(who: number) {
      const run = pick(calling.keys(), who);
      const call = run === undefined ? undefined : calling.get(run);
      if (run === undefined || !call) return;
      calling.delete(run);
      if (call.hasLock) stalled.add(call.jobId);
    },
    /** A worker that calls, and goes on to call, loses the lock of the job. */
    async lose(who: number) {
      const run = pick(calling.keys(), who);
      const call = run === undefined ? undefined : calling.get(run);
      if (!call?.hasLock) return;
      call.hasLock = false;
      stalled.add(call.jobId);
    },
    /** A worker dies before it has told BullMQ whom to wake: the next ones to be woken are not. */
    async forget(_who: number) {
      isDeaf = true;
    },
    async wait(ms: number) {
      stage.clock.advance(ms);
    },
    async reconcile() {
      await stage.endpoints.reconcile(0);
      wake();
    },
    /** From now on all goes well: everybody must come to his end. */
    async finish() {
      for (let round = 0; urlOf.size > 0; round++) {
        const left = [...delayed.keys(), ...[...calling.values()].map(({ jobId }) => jobId), ...stalled];
        if (left.length === 0) return;
        if (round > 2000) throw new Error(`${left.join(', ')} never had their turn`);
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
