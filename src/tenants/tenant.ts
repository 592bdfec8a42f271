import { z } from 'zod';
import { patternIssue, patternsIssue } from '../content/patterns.ts';
import { parseDuration } from '../core/duration.ts';
import { listOf, textOf } from '../core/shapes.ts';
import { BUCKET_CLASSES, type BucketClass } from '../jobs/define.ts';
import { callback, tenantId, webUrl } from '../jobs/fields.ts';
import { guardOf } from '../outbound/target.ts';
import { hostIssue } from './hosts.ts';
import { receiversSchema } from './receivers.ts';
import { region } from './region.ts';

/**
 * One OAuth client of one Genesys Cloud organization, as TENANTS_FILE describes it.
 * Secrets stand elsewhere and are referred to.
 */
const secretReference = z.union(
  [z.strictObject({ env: textOf({ min: 1 }) }), z.strictObject({ file: textOf({ min: 1 }) })],
  {
    error:
      'expected a reference, {"env": "NAME"} or {"file": "/run/secrets/name"}: secrets never stand in this file',
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
   * Requests under way at the same time, over all replicas. At `ratePerSecond` r it allows answers that take
   * inFlight / r seconds; a host that does not answer at all holds these and a tenth more. Two seconds by default.
   */
  inFlight: z.number().int().min(1).max(100_000).optional(),
  /** Tenants that name the same here share one bucket: they use the same OAuth client, or the same organization. */
  sharedAs: z
    .string()
    .regex(/^[a-zA-Z0-9_.-]{1,64}$/)
    .optional(),
});

export type Limit = z.output<typeof limit>;

/** How long answers may take at the full rate, unless the limit says otherwise: longer than they do on a bad day. */
const ANSWER_SECONDS = 2;
const MIN_IN_FLIGHT = 10;

/** Requests that may be under way at the same time. */
export function inFlightOf({ inFlight, ratePerSecond }: Pick<Limit, 'inFlight' | 'ratePerSecond'>): number {
  return inFlight ?? Math.max(MIN_IN_FLIGHT, Math.ceil(ANSWER_SECONDS * ratePerSecond));
}

/** Runs a rule between fields although a field alone is wrong, so that all issues come at once. */
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

/** Limits per OAuth client, whatever the number of replicas (docs/guides.md#rate-limits). */
const LIMITS: Readonly<Record<BucketClass, Limit>> = {
  messages: { capacity: 100, ratePerSecond: 100 },
  cards: { capacity: 100, ratePerSecond: 100 / 60 },
  platform: { capacity: 300, ratePerSecond: 300 / 60 },
};

/** A duration within bounds; milliseconds once read. */
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

/** No shorter, so that nobody loses today's records by a slip. */
const retention = durationWithin('1d', '36500d', '365d; without it records are kept for ever');
const age = durationWithin('1ms', '3650d', '90s, 10m or 2h');
const retryTime = durationWithin('0s', '30d', '10m, 2h or 1d');

/** One entry of the file. */
export const tenantSchema = z
  .strictObject({
    id: tenantId,
    /** The endpoints it is spoken to with; no default. */
    dialect: z.enum(['guest']),
    /** Domain of the region, such as `mypurecloud.de`: login and API hosts derive from it. */
    region: region.optional(),
    /** Instead of a region: the two base addresses; each may have a path, such as that of a gateway. */
    hosts: z.strictObject({ login: host, api: host }).optional(),
    /** Allows http:// in `hosts`, where a token could be read on the wire. For a sandbox only. */
    allowInsecureHttp: z.boolean().default(false),
    clientId: textOf({ min: 1, max: 200 }),
    clientSecret: secretReference,
    limits: z.partialRecord(z.enum(BUCKET_CLASSES), limit).default({}),
    /** RE2 expressions, beside the default list; a text that matches one is rejected. */
    blockedPatterns: listOf(pattern, { max: 100 })
      .superRefine((patterns, context) => {
        const issue = patternsIssue(patterns);
        if (issue !== undefined) context.addIssue({ code: 'custom', message: issue });
      })
      .default([]),
    /** Whether letters that look like those of a pattern are taken for them, such as a Cyrillic "а" for an "a". */
    matchLookalikes: z.boolean().optional(),
    /** Jobs that have waited for longer are not sent any more, such as `10m`. */
    maxAge: age.optional(),
    /** How long a job of it that fails is tried again; JOB_RETRY_FOR by default. */
    retryFor: retryTime.optional(),
    /** What a message that failed for good does to those behind it: they go on, or wait for a person. */
    onFailure: z.enum(['skip', 'halt']).default('skip'),
    /** What becomes of a job that may have been delivered, when the job itself does not say. */
    onUnknownOutcome: z.enum(['resend', 'hold']).default('resend'),
    /** Where jobs without a callback of their own report; `secret` signs all callbacks of the tenant. */
    callback: z
      .strictObject({
        secret: secretReference,
        /** Signs as well while receivers go over from one secret to the next. */
        previousSecret: secretReference.optional(),
        url: callback.shape.url.optional(),
        events: callback.shape.events,
      })
      .optional(),
    /**
     * Where analytics events go (docs/guides.md#message-analytics); signed with `callback.secret`
     * if there is one.
     */
    analytics: z.strictObject({ url: webUrl }).optional(),
    receivers: receiversSchema.prefault({}),
    /** What becomes of its audit records. */
    audit: z
      .strictObject({
        /** Those that were stored longer ago are removed; kept for ever by default. */
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
  // On its own, and not beside other issues: it needs the rules as they are once read.
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
    limits: { ...LIMITS, ...limits },
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
        const message = `${shown}stands at tenants[${first}] already`;
        context.addIssue({ code: 'custom', path: [index, 'id'], message });
      }
      seen.set(id, index);
    }
  }, besideOtherIssues),
});
