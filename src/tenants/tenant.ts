import { z } from 'zod';
import { patternIssue, patternsIssue } from '../content/policy/patterns.ts';
import { parseDuration } from '../core/duration.ts';
import { listOf, textOf } from '../core/shapes.ts';
import { callback, tenantId, webUrl } from '../jobs/fields.ts';
import { routeIssue } from '../jobs/routes.ts';
import { guardOf } from '../outbound/target.ts';
import { DIALECTS } from './dialect.ts';
import { type Hosts, hosts, hostsOfRegion } from './hosts.ts';
import { limits, limitsOf } from './limits.ts';
import { type Platform, platformSchema } from './platform.ts';
import { quietHours } from './quiet-hours.ts';
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

/** Runs a rule between fields also when one field is wrong, so that all errors appear at once. */
const besideOtherIssues = {
  when: ({ value }: { value: unknown }) => typeof value === 'object' && value !== null,
};

function isInsecure(address: unknown): boolean {
  return typeof address === 'string' && /^http:\/\//i.test(address);
}

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

type Issues = [path: string[], message: string][];

/** The fields of an entry that its dialect reads. Another issue may be why one is missing. */
interface DialectFields {
  readonly dialect?: unknown;
  readonly region?: string | undefined;
  readonly hosts?: Hosts | undefined;
  readonly limits?: Readonly<Record<string, unknown>>;
  readonly platform?: Platform | undefined;
}

/** What does not fit the dialect of an entry. */
function dialectIssues({ dialect, region, hosts, limits, platform }: DialectFields): Issues {
  if (dialect === 'guest' && platform !== undefined) {
    return [[['platform'], 'expected no such settings with the dialect guest']];
  }
  if (dialect !== 'platform') return [];
  const issues: Issues = (['messages', 'cards'] as const)
    .filter((name) => limits?.[name] !== undefined)
    .map((name) => [
      ['limits', name],
      'expected limits.platform alone: the platform counts all requests of a client together',
    ]);
  const issue = platform?.route === undefined ? undefined : routeIssue(platform, platform.route);
  if (issue !== undefined) issues.push([['platform', 'route'], issue]);
  if (platform?.webmessaging && region === undefined && hosts?.webmessaging === undefined) {
    issues.push([['hosts', 'webmessaging'], 'expected the address of the host for connections of guests']);
  }
  return issues;
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
    dialect: z.enum(DIALECTS),
    /** A region, such as `mypurecloud.de` or `eu-central-1`. The hosts derive from it. */
    region: region.optional(),
    /** Base addresses, or a gateway, in place of a region. */
    hosts: hosts.optional(),
    /**
     * Allows http:// in `hosts`. Others could read the token on the network, so for a sandbox only.
     */
    allowInsecureHttp: z.boolean().default(false),
    clientId: textOf({ min: 1, max: 200 }),
    clientSecret: secretReference,
    limits: limits.prefault({}),
    /** Settings of the dialect `platform`. */
    platform: platformSchema.optional(),
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
    /** When workers hold messages and cards back. */
    quietHours: quietHours.optional(),
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
    for (const [path, message] of dialectIssues(tenant)) {
      context.addIssue({ code: 'custom', path, message });
    }
  }, besideOtherIssues)
  // This rule needs parsed `receivers`, so it does not run beside other errors.
  .superRefine(({ receivers, callback, analytics }, context) => {
    for (const [name, receiver] of Object.entries({ callback, analytics })) {
      const issue = receiver?.url === undefined ? undefined : guardOf(receivers).issueOf(receiver.url);
      if (issue !== undefined) context.addIssue({ code: 'custom', path: [name, 'url'], message: issue });
    }
  })
  .transform(({ region, hosts, limits, platform, maxAge, retryFor, ...tenant }) => ({
    ...tenant,
    platform: platform ?? {},
    maxAgeMs: maxAge ?? null,
    ...(retryFor !== undefined && { retryForMs: retryFor }),
    hosts: hosts ?? hostsOfRegion(region ?? ''),
    limits: limitsOf(tenant.dialect, limits),
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
