import { z } from 'zod';
import { oneOf } from '../input/problems.ts';
import { operationClasses } from '../login/clients.ts';
import { createRandom, type Random } from './random.ts';

const MAX_WAIT_MS = 60_000;
const DEFAULT_SEED = 1;

const rateSchema = z.number().min(0).max(1);
const waitMsSchema = z.number().min(0).max(MAX_WAIT_MS);

const latencyRangeSchema = z
  .strictObject({ min: waitMsSchema, max: waitMsSchema })
  .refine(({ min, max }) => min <= max, 'a min that is not above max');

const injectedErrorSchema = z.strictObject({
  status: z.int().min(400).max(599),
  rate: rateSchema,
  /** Sent as `Retry-After`. Absent: no such header, not even on a 429. */
  retryAfterSeconds: z.int().min(0).exactOptional(),
  /** Sent instead of the usual error body. A string is sent as plain text. */
  body: z.unknown().exactOptional(),
  /** How many requests pass before the first answer. */
  after: z.int().min(1).exactOptional(),
  /** The largest number of answers. Absent: no bound. */
  times: z.int().min(1).exactOptional(),
});

const operationFaultsSchema = z.strictObject({
  /** The wait before the sandbox handles the request. */
  latencyMs: z.union([waitMsSchema, latencyRangeSchema]).exactOptional(),
  /** Tried in this order. The first one that strikes is the answer, and nothing is handled. */
  errors: z.array(injectedErrorSchema).exactOptional(),
  /** Share of requests whose connection the sandbox closes before it handles them. */
  dropRate: rateSchema.exactOptional(),
  /** Share of accepted requests whose connection the sandbox closes instead of an answer. */
  loseReplyRate: rateSchema.exactOptional(),
  /** The sandbox sends the head of an answer at once, and the body in pieces over this time. */
  slowBodyMs: waitMsSchema.exactOptional(),
  /** Share of requests that the sandbox neither handles nor answers. */
  hang: rateSchema.exactOptional(),
});

const planSchema = z.strictObject({
  seed: z.int().min(0).exactOptional(),
  operations: z.record(z.string(), operationFaultsSchema).exactOptional(),
  foreignLoad: z
    .array(
      z.strictObject({
        tenant: z.string(),
        class: z.enum(operationClasses),
        perSecond: z.number().min(0),
      }),
    )
    .exactOptional(),
});

/** The faults to inject, by operation. `*` stands for every operation without an entry. */
export type FaultPlan = z.infer<typeof planSchema>;

/** One error of a plan. */
export type InjectedError = z.infer<typeof injectedErrorSchema>;

/** A schema for plans. It refuses unknown operations and tenants, to find typing errors. */
export function faultPlanSchema(
  operationNames: readonly string[],
  tenants: readonly string[],
): z.ZodType<FaultPlan> {
  const knownOperations = [...operationNames, '*'];
  return planSchema.superRefine((plan, context) => {
    for (const name of Object.keys(plan.operations ?? {})) {
      if (knownOperations.includes(name)) continue;
      const message = `the name of an operation: ${oneOf(knownOperations)}`;
      context.addIssue({ code: 'custom', path: ['operations', name], input: name, message });
    }
    for (const [index, { tenant }] of (plan.foreignLoad ?? []).entries()) {
      if (tenants.includes(tenant)) continue;
      const path = ['foreignLoad', index, 'tenant'];
      context.addIssue({ code: 'custom', path, input: tenant, message: oneOf(tenants) });
    }
  });
}

/** The random decisions of one operation. Each call decides about one request. */
export interface OperationFaults {
  drops(): boolean;
  hangs(): boolean;
  latencyMs(): number;
  error(): InjectedError | undefined;
  losesReply(): boolean;
  readonly slowBodyMs: number;
}

/** A plan that is in effect. */
export interface Faults {
  readonly plan: FaultPlan;
  /** The faults of an operation. Undefined for an operation without faults. */
  of(operation: string | null): OperationFaults | undefined;
}

/** Starts a plan from its seed. */
export function createFaults(plan: FaultPlan): Faults {
  const byName = new Map<string, OperationFaults>();
  const seed = plan.seed ?? DEFAULT_SEED;
  for (const [index, [name, faults]] of Object.entries(plan.operations ?? {}).entries()) {
    // Each entry has its own series. A token request must not change what happens to a message.
    byName.set(name, createOperationFaults(faults, createRandom(seed + index)));
  }
  const forTheRest = byName.get('*');

  return {
    plan,
    of(operation) {
      return operation === null ? undefined : (byName.get(operation) ?? forTheRest);
    },
  };
}

function createOperationFaults(
  faults: z.infer<typeof operationFaultsSchema>,
  random: Random,
): OperationFaults {
  const { latencyMs = 0, dropRate = 0, loseReplyRate = 0, hang = 0, slowBodyMs = 0 } = faults;
  const errors = (faults.errors ?? []).map((error) => ({
    error,
    passing: error.after ?? 0,
    left: error.times ?? Infinity,
  }));
  // A rate of 0 takes no random number, so that an unused fault does not change the other faults.
  const strikes = (rate: number) => rate > 0 && random() < rate;

  return {
    slowBodyMs,
    drops: () => strikes(dropRate),
    hangs: () => strikes(hang),
    losesReply: () => strikes(loseReplyRate),
    latencyMs() {
      if (typeof latencyMs === 'number') return latencyMs;
      return latencyMs.min + random() * (latencyMs.max - latencyMs.min);
    },
    error() {
      const ready = errors.filter((each) => each.passing-- <= 0);
      const struck = ready.find(({ error, left }) => left > 0 && strikes(error.rate));
      if (struck === undefined) return undefined;
      struck.left -= 1;
      return struck.error;
    },
  };
}
