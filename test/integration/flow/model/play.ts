import { laneOf } from '../../../../src/flow/notation.ts';
import { pace } from '../../../../src/flow/pace.ts';
import { CLEAR } from '../../../../src/seal/seal.ts';
import { allEnded, work } from '../../../support/flow/crew.ts';
import { withJournal } from '../../../support/flow/journal.ts';
import { brokenLaws } from '../../../support/flow/laws.ts';
import type { Job, JobSpec } from '../../../support/flow/queue.ts';
import { type Allowance, excess } from '../../../support/flow/rate.ts';
import { breaches } from '../../../support/flow/structure.ts';
import { ATTEMPT_MS } from '../../../support/flow/world.ts';
import type { Reply, Run, World } from '../../../support/flow/world-shapes.ts';
import { LIMITS, type Step, TENANTS } from './steps.ts';

/** A live worker aborts a request before its attempt counts as over. */
const ABORTED_MS = ATTEMPT_MS - 1000;
/** Without failures and pauses, all jobs end within this time. */
const DRAINED_MS = 300_000;
/** Starts that a job may cost without disturbances. */
const STARTS = 4;

/** Performs steps in a world and checks it after each. */
export interface Play {
  /** @throws with the first broken structure. */
  perform(step: Step): Promise<void>;
  /** Without failures from now on, lets all jobs end. */
  drain(): Promise<void>;
  /** All problems, in sentences. */
  verdict(): string[];
}

export async function startPlay(bare: World): Promise<Play> {
  const { world, journal } = withJournal(bare);
  const inHand: Run[] = [];
  const allowances = new Map<string, (Allowance & { fromMs: number })[]>();
  const broken: string[] = [];
  let accepted = 0;
  let disturbances = 0;

  await Promise.all(TENANTS.filter((tenant) => tenant !== 'late').map((tenant) => configure(tenant, 2)));

  async function configure(tenant: string, index: number): Promise<void> {
    const limit = LIMITS[index] ?? LIMITS[0];
    const bucket = bucketOf(tenant);
    const isShared = bucket !== tenant;
    const tenants = isShared ? TENANTS.filter((other) => bucketOf(other) === bucket) : [tenant];
    for (const name of tenants)
      await world.configure(name, isShared ? { ...limit, sharedAs: 'twins' } : limit);
    const known = allowances.get(bucket) ?? [];
    const { burst } = pace(limit);
    allowances.set(bucket, [...known, { burst, ratePerSecond: limit.ratePerSecond, fromMs: world.now() }]);
  }

  const name = (spec: Omit<JobSpec, 'id'>): JobSpec => {
    const { expiresAtMs, sendAtMs, ...rest } = spec;
    const id = `j${++accepted}`;
    return {
      ...rest,
      id,
      ...(expiresAtMs !== undefined && { expiresAtMs: world.now() + expiresAtMs }),
      ...(sendAtMs !== undefined && { sendAtMs: world.now() + sendAtMs }),
    };
  };

  const some = <Item>(items: readonly Item[], pick: number): Item | undefined => items[pick % items.length];
  const jobsThat = (hold: (job: Job) => boolean) => [...world.jobs.values()].filter(hold);
  const isUnderWay = ({ admission, next }: Run) => admission.verdict === 'go' && !next;
  const isPreparing = ({ admission, next }: Run) => admission.verdict === 'prepare' && !next;
  const takesTime = (run: Run) => isUnderWay(run) || isPreparing(run);

  /** Flow control knows the outcome of the job. BullMQ may not know it yet. */
  const isOver = (id: string) => {
    const last = journal.findLast((entry) => 'id' in entry && entry.id === id);
    return last?.what === 'ended' || last?.what === 'cancelled';
  };

  function letGo(run: Run): void {
    inHand.splice(inHand.indexOf(run), 1);
  }

  /** The worker has its access token, and asks for admission. */
  async function proceed(run: Run): Promise<void> {
    letGo(run);
    inHand.push(await world.proceed(run));
  }

  /** Concludes and leaves all runs that have no request under way: only requests take time. */
  async function tidy(): Promise<void> {
    for (const run of inHand.filter((one) => !takesTime(one))) {
      if (!run.next) await world.conclude(run);
      await world.leave(run);
      letGo(run);
    }
  }

  async function pass(ms: number): Promise<void> {
    const until = world.now() + ms;
    if (ms > 100) await tidy();
    for (const run of inHand.filter(takesTime)) {
      const abortAtMs = run.startedAtMs + ABORTED_MS;
      if (abortAtMs > until) continue;
      world.pass(Math.max(0, abortAtMs - world.now()));
      disturbances++;
      await world.conclude(run, { kind: 'unavailable', delayMs: 1000 });
      await world.leave(run);
      letGo(run);
    }
    world.pass(until - world.now());
  }

  /** The journal cannot tell the order of two acts on one lane, so each act has a lane of its own. */
  async function actTogether(starts: number, replies: readonly Reply[]): Promise<void> {
    const lanes = new Set<string>();
    const isAlone = ({ ref }: Job) => {
      const known = lanes.size;
      return lanes.add(laneOf(ref, CLEAR)).size > known;
    };
    const ending = inHand.filter((run) => isUnderWay(run) && isAlone(run.job)).slice(0, replies.length);
    const starting = world.due.filter(isAlone).slice(0, starts);
    const [runs] = await Promise.all([
      Promise.all(starting.map(({ id }) => world.start(id))),
      ...ending.map((run, index) => world.conclude(run, replies[index])),
    ]);
    inHand.push(...runs);
  }

  async function act(step: Step): Promise<void> {
    switch (step.what) {
      case 'accept':
        await world.accept(step.jobs.map(name));
        return;
      case 'accept known': {
        const job = some(
          jobsThat(() => true),
          step.pick,
        );
        if (!job) return;
        // A removed job may be accepted once more, if flow control has not looked at it since.
        const mayComeAgain = job.state === 'removed' && job.end === null;
        const [sequence = 1] = await world.accept([job.spec]);
        if (sequence > 0 && !mayComeAgain) broken.push(`${job.id} was accepted twice`);
        return;
      }
      case 'add':
        await world.add(name(step.job));
        return;
      case 'start': {
        const job = some(world.due, step.pick);
        if (job) inHand.push(await world.start(job.id, step.fate));
        return;
      }
      case 'approach': {
        const job = some(world.due, step.pick);
        if (job) inHand.push(await world.approach(job.id, step.fate));
        return;
      }
      case 'expire':
        await world.expire();
        return;
      case 'conclude': {
        const run = some(
          inHand.filter((one) => !one.next),
          step.pick,
        );
        if (!run) return;
        if (isPreparing(run) && isAnswer(step.reply)) await proceed(run);
        else await world.conclude(run, step.reply, step.fate);
        return;
      }
      case 'together':
        return await actTogether(step.starts, step.replies);
      case 'leave': {
        const run = some(
          inHand.filter((one) => one.next),
          step.pick,
        );
        if (!run) return;
        letGo(run);
        await world.leave(run);
        return;
      }
      case 'die': {
        const run = some(inHand, step.pick);
        if (!run) return;
        letGo(run);
        world.die(run);
        return;
      }
      case 'work':
        for (const { id } of world.due.slice(0, step.atMost)) {
          const run = await world.start(id);
          await world.conclude(run, step.reply);
          await world.leave(run);
        }
        return;
      case 'fail early': {
        const job = some(
          world.due.filter(({ sequence }) => sequence > 0),
          step.pick,
        );
        if (job) await world.failEarly(job.id, step.reply);
        return;
      }
      case 'remove': {
        const waiting = jobsThat(
          ({ state, sequence }) => (state === 'delayed' || state === 'due') && sequence > 0,
        );
        const job = some(
          waiting.filter(({ id }) => !isOver(id)),
          step.pick,
        );
        if (job) await world.remove(job.id);
        return;
      }
      case 'cancel': {
        const job = some(
          jobsThat(({ state }) => state !== 'removed'),
          step.pick,
        );
        if (job) await world.cancel(job.id);
        return;
      }
      case 'retry': {
        const job = some(
          jobsThat(({ state, end }) => state === 'ended' && end !== 'sent'),
          step.pick,
        );
        if (job) await world.retry(job.id);
        return;
      }
      case 'pause':
        return await world.pause(step.tenant, step.ms);
      case 'resume':
        return await world.resume(step.tenant);
      case 'configure':
        return await configure(step.tenant, step.limit);
      case 'quieten': {
        const { tenant, fromMs, lastMs, urgentPass } = step;
        const begin = Math.round(world.now() + fromMs);
        await world.quieten(
          tenant,
          lastMs > 0 ? { times: [[begin, begin + lastMs]], urgentPass } : undefined,
        );
        return;
      }
      case 'go on':
        await world.goOn(step.atMost);
        return;
      case 'reconcile':
        await world.reconcile(step.fate);
        return;
      case 'pass':
        return await pass(step.ms);
    }
  }

  return {
    async perform(step) {
      if (step.what !== 'accept' && step.what !== 'pass') disturbances++;
      await act(step);
      broken.push(...(await breaches(world, { bucketOf, underWay: inHand.filter(isUnderWay) })));
      if (broken.length > 0) throw new Error(`after ${JSON.stringify(step)}: ${broken.join('; ')}`);
    },

    async drain() {
      await tidy();
      for (const run of inHand.filter(isPreparing)) await proceed(run);
      for (const run of inHand.splice(0)) {
        await world.conclude(run);
        await world.leave(run);
      }
      for (const tenant of TENANTS) {
        await world.quieten(tenant);
        await configure(tenant, 2);
        await world.resume(tenant);
      }
      const until = world.now() + DRAINED_MS;
      while (world.now() < until && !allEnded(world)()) {
        for (const { id } of jobsThat(({ end, spec }) => end === 'failed' && spec.onFailure === 'halt')) {
          await world.cancel(id);
        }
        await work(world, 5000, { answerMs: 20, until: allEnded(world) });
      }
      broken.push(...(await breaches(world, { bucketOf, underWay: [] })));
    },

    verdict() {
      for (const { id, end, state, starts } of world.jobs.values()) {
        if (end === null) broken.push(`${id} never ended; it is ${state}`);
        if (starts > STARTS + disturbances) broken.push(`${id} was started ${starts} times`);
      }
      for (const [bucket, since] of allowances) {
        const sent = world.grants.filter(({ tenantId }) => bucketOf(tenantId) === bucket);
        const tooMany = excess(
          sent.map(({ atMs }) => atMs),
          since,
        );
        if (tooMany > 0) broken.push(`${bucket} sent ${tooMany} requests too many`);
      }
      return [...broken, ...brokenLaws(journal, bucketOf)];
    },
  };
}

/** Replies that need a request. */
const isAnswer = ({ kind }: Reply) => kind === 'sent' || kind === 'failed' || kind === 'denied';

const bucketOf = (tenant: string) => (tenant.startsWith('twin-') ? '*twins' : tenant);
