import { z } from 'zod';
import type { BucketClass } from '../jobs/define.ts';
import type { DialectName } from './dialect.ts';

/** A token bucket: `capacity` requests at once, refilled at `ratePerSecond`. */
const limit = z.strictObject({
  capacity: z.number().int().min(1).max(100_000),
  ratePerSecond: z.number().positive().max(100_000),
  /**
   * Most requests under way at the same time, over all replicas. With rate r, answers may take
   * inFlight / r seconds. Requests to a host that does not answer hold these, and a tenth more. Two
   * seconds by default.
   */
  inFlight: z.number().int().min(1).max(100_000).optional(),
  /**
   * Tenants with the same name here share one bucket: they use the same OAuth client, or the same
   * organization.
   */
  sharedAs: z
    .string()
    .regex(/^[a-zA-Z0-9_.-]{1,64}$/)
    .optional(),
});

export type Limit = z.output<typeof limit>;

/** Token buckets, and a bound of the backlog. */
export const limits = z.strictObject({
  messages: limit.optional(),
  cards: limit.optional(),
  platform: limit.optional(),
  /** Most jobs of the tenant that have not ended. Producers get no more in. */
  maxWaiting: z.number().int().min(1).max(100_000_000).default(1_000_000),
} satisfies Record<BucketClass | 'maxWaiting', z.ZodType>);

/**
 * How long answers may take at the full rate by default. Genesys Cloud is faster, even when it is
 * slow.
 */
const ANSWER_SECONDS = 2;
const MIN_IN_FLIGHT = 10;

/** Most requests under way at the same time. */
export function inFlightOf({ inFlight, ratePerSecond }: Pick<Limit, 'inFlight' | 'ratePerSecond'>): number {
  return inFlight ?? Math.max(MIN_IN_FLIGHT, Math.ceil(ANSWER_SECONDS * ratePerSecond));
}

/** Limits per OAuth client, for any number of replicas (docs/guides.md#rate-limits). */
const LIMITS: Readonly<Record<BucketClass, Limit>> = {
  messages: { capacity: 100, ratePerSecond: 100 },
  cards: { capacity: 100, ratePerSecond: 100 / 60 },
  platform: { capacity: 300, ratePerSecond: 300 / 60 },
};

/** The limits of a tenant, one for each class of operations. */
export type TenantLimits = Readonly<Record<BucketClass, Limit>> & {
  readonly maxWaiting: number;
  /** Whether Genesys Cloud counts the requests of all classes together. */
  readonly countsTogether: boolean;
};

/**
 * The limits of a tenant, with the defaults of its dialect. The platform counts all requests of an
 * OAuth client together, so each class has the same limit there.
 */
export function limitsOf(dialect: DialectName, given: z.output<typeof limits>): TenantLimits {
  if (dialect === 'guest') return { ...LIMITS, ...given, countsTogether: false } as TenantLimits;
  const { maxWaiting, platform = LIMITS.platform } = given;
  return { messages: platform, cards: platform, platform, maxWaiting, countsTogether: true };
}
