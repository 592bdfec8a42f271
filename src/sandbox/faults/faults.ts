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
  /** Sent as `Retry-After`; without it an injected error has no such header, a 429 neither. */
  retryAfterSeconds: z.int().min(0).exactOptional(),
  /** Sent instead of the usual error body; a string is sent as plain text. */
  body: z.unknown().exactOptional(),
  /** At most that many answers; without it there is no end. */
  times: z.int().min(1).exactOptional(),
});

const operationFaultsSchema = z.strictObject({
  /** Wait before the request is handled. */
  latencyMs: z.union([waitMsSchema, latencyRangeSchema]).exactOptional(),
  /** Tried from the first to the last; the first that strikes is the answer, and the request is not handled. */
  errors: z.array(injectedErrorSchema).exactOptional(),
  /** Share of requests whose connection is destroyed before they are handled. */
  dropRate: rateSchema.exactOptional(),
  /** Share of accepted requests whose connection is destroyed instead of an answer. */
  loseReplyRate: rateSchema.exactOptional(),
  /** The head of an answer is sent at once, its body in pieces over this time. */
  slowBodyMs: waitMsSchema.exactOptional(),
  /** Share of requests that are neither handled nor answered. */
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

/** The faults to inject: by name of an operation, or `*` for those that have no entry of their own. */
export type FaultPlan = z.infer<typeof planSchema>;

/** One error of a plan. */
export type InjectedError = z.infer<typeof injectedErrorSchema>;

/** A schema for plans that also knows which operations and tenants there are, so that a typo is told. */
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

/** The dice of one operation; each call decides about one request. */
export interface OperationFaults {
  drops(): boolean;
  hangs(): boolean;
  latencyMs(): number;
  error(): InjectedError | undefined;
  losesReply(): boolean;
  readonly slowBodyMs: number;
}

/** A plan at work. */
export interface Faults {
  readonly plan: FaultPlan;
  /** The faults of an operation; undefined when it has none. */
  of(operation: string | null): OperationFaults | undefined;
}

/** Starts a plan from its seed. */
export function createFaults(plan: FaultPlan): Faults {
  const byName = new Map<string, OperationFaults>();
  const seed = plan.seed ?? DEFAULT_SEED;
  for (const [index, [name, faults]] of Object.entries(plan.operations ?? {}).entries()) {
    // A series for each entry: how often tokens are fetched must not change what happens to messages.
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
  const errors = (faults.errors ?? []).map((error) => ({ error, left: error.times ?? Infinity }));
  // A rate of 0 draws nothing, so that a fault which is off leaves the series of the others alone.
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
      const struck = errors.find(({ error, left }) => left > 0 && strikes(error.rate));
      if (struck === undefined) return undefined;
      struck.left -= 1;
      return struck.error;
    },
  };
}
