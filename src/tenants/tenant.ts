import { z } from 'zod';
import { patternIssue, patternsIssue } from '../content/policy/patterns.ts';
import { parseDuration } from '../core/duration.ts';
import { listOf, textOf } from '../core/shapes.ts';
import type { BucketClass } from '../jobs/define.ts';
import { callback, tenantId, webUrl } from '../jobs/fields.ts';
import { guardOf } from '../outbound/target.ts';
import { hostIssue } from './hosts.ts';
import { receiversSchema } from './receivers.ts';
import { region } from './region.ts';

/**
 * One OAuth client of one Genesys Cloud organization, as TENANTS_FILE describes it. The file refers
 * to secrets, and never holds them.
 */
const secretReference = z.union(
  [z.strictObject({ env: textOf({ min: 1 }) }), z.strictObject({ file: textOf({ min: 1 }) })],
  {
    error:
      'expected a reference, {"env": "NAME"} or {"file": "/run/secrets/name"}: this file never holds secrets',
  },
);

export type SecretReference = z.output<typeof secretReference>;

const pattern = textOf({ min: 1, max: 500 }).superRefine((source, context) => {
  const issue = patternIssue(source);
  if (issue !== undefined) context.addIssue({ code: 'custom', message: issue });
});

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
const limits = z.strictObject({
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

/** Runs a rule between fields also when one field is wrong, so that all errors appear at once. */
const besideOtherIssues = {
  when: ({ value }: { value: unknown }) => typeof value === 'object' && value !== null,
};

function isInsecure(address: unknown): boolean {
  return typeof address === 'string' && /^http:\/\//i.test(address);
}

/** A base address. */
const host = webUrl.superRefine((address, context) => {
  const issue = hostIssue(address);
  if (issue !== undefined) context.addIssue({ code: 'custom', message: issue });
});

/** Limits per OAuth client, for any number of replicas (docs/guides.md#rate-limits). */
const LIMITS: Readonly<Record<BucketClass, Limit>> = {
  messages: { capacity: 100, ratePerSecond: 100 },
  cards: { capacity: 100, ratePerSecond: 100 / 60 },
  platform: { capacity: 300, ratePerSecond: 300 / 60 },
};

/** A duration within bounds; read as milliseconds. */
function durationWithin(min: string, max: string, examples: string) {
  const [minMs = 0, maxMs = 0] = [min, max].map(parseDuration);
  return z.string().transform((text, context) => {
    const ms = parseDuration(text);
    if (ms !== undefined && ms >= minMs && ms <= maxMs) return ms;
    const message = `expected a duration from ${min} to ${max}, such as ${examples}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

/** At least one day, so that a typing error does not remove today's records. */
const retention = durationWithin('1d', '36500d', '365d; without it records are kept for ever');
const age = durationWithin('1ms', '3650d', '90s, 10m or 2h');
const retryTime = durationWithin('0s', '30d', '10m, 2h or 1d');

/** One entry of the file. */
export const tenantSchema = z
  .strictObject({
    id: tenantId,
    /** The set of endpoints of Genesys Cloud; no default. */
    dialect: z.enum(['guest']),
    /** Domain of the region, such as `mypurecloud.de`. The login and API hosts derive from it. */
    region: region.optional(),
    /** Two base addresses in place of a region. Each may have a path, such as a gateway's. */
    hosts: z.strictObject({ login: host, api: host }).optional(),
    /**
     * Allows http:// in `hosts`. Others could read the token on the network, so for a sandbox only.
     */
    allowInsecureHttp: z.boolean().default(false),
    clientId: textOf({ min: 1, max: 200 }),
    clientSecret: secretReference,
    limits: limits.prefault({}),
    /** RE2 expressions, beside the default list. A text that matches one is rejected. */
    blockedPatterns: listOf(pattern, { max: 100 })
      .superRefine((patterns, context) => {
        const issue = patternsIssue(patterns);
        if (issue !== undefined) context.addIssue({ code: 'custom', message: issue });
      })
      .default([]),
    /** Whether lookalike letters match a pattern, such as a Cyrillic "а" for an "a". */
    matchLookalikes: z.boolean().optional(),
    /** Workers do not send a job that has waited longer, such as `10m`. */
    maxAge: age.optional(),
    /** How long workers retry a failing job of this tenant; JOB_RETRY_FOR by default. */
    retryFor: retryTime.optional(),
    /** After a failed message: the next ones of its lane go on, or wait for an operator. */
    onFailure: z.enum(['skip', 'halt']).default('skip'),
    /** What happens to a job that may have been delivered, unless the job says it. */
    onUnknownOutcome: z.enum(['resend', 'hold']).default('resend'),
    /**
     * Receiver for jobs without a callback of their own. `secret` signs all callbacks of the
     * tenant.
     */
    callback: z
      .strictObject({
        secret: secretReference,
        /** A second signature, while receivers change from one secret to the next. */
        previousSecret: secretReference.optional(),
        url: callback.shape.url.optional(),
        events: callback.shape.events,
      })
      .optional(),
    /**
     * Receiver of analytics events (docs/guides.md#message-analytics). They are signed with
     * `callback.secret` if there is one.
     */
    analytics: z.strictObject({ url: webUrl }).optional(),
    receivers: receiversSchema.prefault({}),
    /** Settings of its audit records. */
    audit: z
      .strictObject({
        /** Records stored longer ago are removed; kept for ever by default. */
        retention: retention.optional(),
      })
      .prefault({})
      .transform((audit) => ({ retentionMs: audit.retention ?? null })),
  })
  .superRefine((tenant, context) => {
    if ((tenant.region === undefined) === (tenant.hosts === undefined)) {
      context.addIssue({ code: 'custom', message: 'expected either region or hosts' });
    }
    for (const [name, address] of Object.entries(tenant.hosts ?? {})) {
      if (tenant.allowInsecureHttp || !isInsecure(address)) continue;
      const message = 'expected https://, or allowInsecureHttp for a sandbox';
      context.addIssue({ code: 'custom', path: ['hosts', name], message });
    }
  }, besideOtherIssues)
  // This rule needs parsed `receivers`, so it does not run beside other errors.
  .superRefine(({ receivers, callback, analytics }, context) => {
    for (const [name, receiver] of Object.entries({ callback, analytics })) {
      const issue = receiver?.url === undefined ? undefined : guardOf(receivers).issueOf(receiver.url);
      if (issue !== undefined) context.addIssue({ code: 'custom', path: [name, 'url'], message: issue });
    }
  })
  .transform(({ region, hosts, limits, maxAge, retryFor, ...tenant }) => ({
    ...tenant,
    maxAgeMs: maxAge ?? null,
    ...(retryFor !== undefined && { retryForMs: retryFor }),
    hosts: hosts ?? { login: `https://login.${region}`, api: `https://api.${region}` },
    limits: { ...LIMITS, ...limits } as Readonly<Record<BucketClass, Limit>> & {
      readonly maxWaiting: number;
    },
  }));

export type Tenant = z.output<typeof tenantSchema>;

/** The whole of TENANTS_FILE. */
export const tenantsFileSchema = z.strictObject({
  tenants: z.array(tenantSchema).superRefine((tenants, context) => {
    const seen = new Map<string, number>();
    if (!Array.isArray(tenants)) return;
    for (const [index, tenant] of tenants.entries()) {
      const id: unknown = tenant?.id;
      if (typeof id !== 'string') continue;
      const first = seen.get(id);
      if (first !== undefined) {
        const shown = tenantId.safeParse(id).success ? `${JSON.stringify(id)} ` : '';
        const message = `${shown}is also the id of tenants[${first}]`;
        context.addIssue({ code: 'custom', path: [index, 'id'], message });
      }
      seen.set(id, index);
    }
  }, besideOtherIssues),
});
