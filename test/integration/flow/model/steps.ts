import fc from 'fast-check';
import type { JobSpec } from '../../../support/flow/queue.ts';
import type { Fate, Reply } from '../../../support/flow/world-shapes.ts';

/**
 * One event. A number named `pick` chooses among the jobs or runs of that moment, so that a step
 * keeps its meaning if fast-check leaves out earlier steps.
 */
export type Step =
  | { readonly what: 'accept'; readonly jobs: readonly Omit<JobSpec, 'id'>[] }
  | { readonly what: 'accept known'; readonly pick: number }
  | { readonly what: 'add'; readonly job: Omit<JobSpec, 'id'> }
  | { readonly what: 'start'; readonly pick: number; readonly fate: Fate }
  /** Like `start`, by a worker without an access token. */
  | { readonly what: 'approach'; readonly pick: number; readonly fate: Fate }
  | { readonly what: 'expire' }
  | { readonly what: 'conclude'; readonly pick: number; readonly reply: Reply; readonly fate: Fate }
  /** Several workers act in one turn of the event loop: one script performs all their acts. */
  | { readonly what: 'together'; readonly starts: number; readonly replies: readonly Reply[] }
  | { readonly what: 'leave' | 'die' | 'remove' | 'cancel' | 'retry'; readonly pick: number }
  | { readonly what: 'work'; readonly atMost: number; readonly reply: Reply }
  | { readonly what: 'fail early'; readonly pick: number; readonly reply: Reply }
  | { readonly what: 'pause'; readonly tenant: string; readonly ms: number }
  | { readonly what: 'resume'; readonly tenant: string }
  | { readonly what: 'configure'; readonly tenant: string; readonly limit: number }
  /** Quiet hours that begin and end so far from now; none without them. */
  | {
      readonly what: 'quieten';
      readonly tenant: string;
      readonly fromMs: number;
      readonly lastMs: number;
      readonly urgentPass: boolean;
    }
  | { readonly what: 'go on'; readonly atMost: number }
  | { readonly what: 'reconcile'; readonly fate: Fate }
  | { readonly what: 'pass'; readonly ms: number };

/** The last two share a bucket. No worker configures the second one at first. */
export const TENANTS = ['solo', 'late', 'twin-a', 'twin-b'] as const;

export const LIMITS = [
  { capacity: 1, ratePerSecond: 1 },
  { capacity: 3, ratePerSecond: 2 },
  { capacity: 5, ratePerSecond: 10 },
  { capacity: 100, ratePerSecond: 100 },
] as const;

const pick = fc.nat({ max: 1000 });
const tenant = fc.constantFrom(...TENANTS);
const fate = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Fate>('tells') },
  { weight: 1, arbitrary: fc.constant<Fate>('dies') },
);
const delayMs = fc.constantFrom(10, 500, 3000, 40_000);
const pauseMs = fc.constantFrom(200, 1000, 7000, 60_000);

const again: fc.Arbitrary<Reply>[] = [
  fc.record({ kind: fc.constant('retry'), delayMs }),
  fc.record({ kind: fc.constant('unavailable'), delayMs }),
  fc.record({ kind: fc.constant('throttled') }),
  fc.record({ kind: fc.constant('throttled'), retryAfterMs: pauseMs }),
  fc.record({ kind: fc.constant('refused') }),
];
const answer: fc.Arbitrary<Reply>[] = [
  fc.record({ kind: fc.constant('sent') }),
  fc.record({ kind: fc.constant('sent'), allowance: fc.record({ remaining: fc.nat({ max: 3 }) }) }),
  fc.record({ kind: fc.constant('failed') }),
  fc.record({ kind: fc.constant('denied') }),
];
const reply = fc.oneof(
  { weight: 3, arbitrary: fc.oneof(...answer) },
  { weight: 2, arbitrary: fc.oneof(...again) },
);

const ref = { tenant, lane: fc.constantFrom('x', 'y', 'z') };
const job: fc.Arbitrary<Omit<JobSpec, 'id'>> = fc.oneof(
  { weight: 5, arbitrary: fc.record(ref) },
  { weight: 1, arbitrary: fc.record({ ...ref, urgent: fc.constant(true) }) },
  { weight: 1, arbitrary: fc.record({ ...ref, onFailure: fc.constant('halt') }) },
  { weight: 1, arbitrary: fc.record({ ...ref, onUnknownOutcome: fc.constant('hold') }) },
  // Counted from its acceptance.
  { weight: 1, arbitrary: fc.record({ ...ref, expiresAtMs: fc.constantFrom(300, 5000, 50_000) }) },
  { weight: 1, arbitrary: fc.record({ ...ref, sendAtMs: fc.constantFrom(-100, 1, 200, 4000, 60_000) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      ...ref,
      urgent: fc.boolean(),
      sendAtMs: fc.constantFrom(200, 4000),
      expiresAtMs: fc.constantFrom(5000, 50_000),
    }),
  },
);

const kinds: readonly { weight: number; arbitrary: fc.Arbitrary<Step> }[] = [
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constant('accept'),
      jobs: fc.array(job, { minLength: 1, maxLength: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('accept known'), pick }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('add'), job }) },
  { weight: 12, arbitrary: fc.record({ what: fc.constant('start'), pick, fate }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('approach'), pick, fate }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('expire') }) },
  { weight: 9, arbitrary: fc.record({ what: fc.constant('conclude'), pick, reply, fate }) },
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant('together'),
      starts: fc.nat({ max: 5 }),
      replies: fc.array(reply, { maxLength: 5 }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ what: fc.constant('leave'), pick }) },
  {
    weight: 4,
    arbitrary: fc.record({ what: fc.constantFrom('die', 'die', 'remove', 'cancel', 'retry'), pick }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ what: fc.constant('work'), atMost: fc.integer({ min: 1, max: 10 }), reply }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('fail early'),
      pick,
      reply: fc.oneof(...again, fc.record({ kind: fc.constant('failed') })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('pause'), tenant, ms: pauseMs }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('resume'), tenant }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('configure'),
      tenant,
      limit: fc.nat({ max: LIMITS.length - 1 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('quieten'),
      tenant,
      fromMs: fc.constantFrom(-1000, 0, 1500),
      lastMs: fc.constantFrom(0, 500, 8000, 90_000),
      urgentPass: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('go on'), atMost: fc.constantFrom(1, 2, 500) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('reconcile'), fate }) },
  {
    weight: 8,
    arbitrary: fc.record({
      what: fc.constant('pass'),
      ms: fc.constantFrom(1, 10, 120, 700, 3000, 12_000, 35_000),
    }),
  },
];

/** The events of one play, in order. */
export const steps: fc.Arbitrary<Step[]> = fc.array(fc.oneof(...kinds), {
  minLength: 1,
  maxLength: 160,
  size: 'max',
});
