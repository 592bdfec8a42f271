import type { z } from 'zod';
import { contentIssues } from '../content/fields/content-issues.ts';
import type { ContentPolicy } from '../content/policy/policy.ts';
import { unreadableIssues } from '../content/text/characters.ts';
import { type Checked, checked, issuesFrom } from '../core/checked.ts';
import { firstIssues, type Issue } from '../core/issues.ts';
import { fieldBeyond } from '../core/json-size.ts';
import type { JobResult } from '../core/outcome.ts';
import type { TenantRoutes } from './routes.ts';

/**
 * Operations of Genesys Cloud that share a rate limit (docs/guides.md#rate-limits). Each tenant has
 * one bucket per class: guest messages, rich cards, and all other operations of the platform.
 */
export const BUCKET_CLASSES = ['messages', 'cards', 'platform'] as const;

export type BucketClass = (typeof BUCKET_CLASSES)[number];

/**
 * The contract of one kind of job, shared by producers and workers. Pure: any module can import it.
 */
export interface JobDefinition<Kind extends string = string, Schema extends z.ZodType = z.ZodType> {
  /** Name of the kind: of its queue, its metric label, its files and its heading in the docs. */
  readonly kind: Kind;
  readonly schema: Schema;
  /** What the board calls a job of this kind; the kind itself, unless it does several things. */
  nameOf(payload: object): string;
  /**
   * First word of the events that report its end, `message.delivered`; null: no event reports it.
   */
  eventOf(payload: object): string | null;
  /**
   * Last word of the event of a success; `delivered` unless the kind has its own word. A receiver
   * that sets `events` writes `delivered` for all kinds.
   */
  successWord(result: JobResult): string;
  /**
   * Fields of the result that stay with the job, because they are large. Neither logs nor callbacks
   * have them.
   */
  readonly privateResultFields: readonly string[];
  /** Whether it is a step that another job begins. Producers cannot enqueue a step. */
  isStep(payload: object): boolean;
  /** The bucket of its requests; null: not rate limited. */
  readonly bucket: BucketClass | null;
  /**
   * The code of the kind in Redis, where each job repeats it; never reused. Null: no flow control.
   * The codes m, c, r, e and a are used.
   */
  readonly kindCode: string | null;
  /**
   * Whether a failure for good holds up the jobs behind it, where the tenant wants that: a
   * conversation must have no gaps.
   */
  readonly haltsLane: boolean;
  /** Jobs with the same lane are delivered one after the other; null: order does not matter. */
  lane(data: z.output<Schema>): string | null;
  /**
   * The rules that the schema cannot express: rules between fields, and the content policy of the
   * tenant. Takes the raw input, so that its issues are reported together with those of the schema.
   * @param tenant undefined for a producer without a tenants file.
   */
  violations(input: unknown, policy: ContentPolicy, tenant?: TenantRoutes): Issue[];
  /**
   * What the dialect and the route of the tenant cannot do. Takes checked data. A producer without
   * a tenants file cannot ask; then the worker does.
   */
  capabilityIssues(data: z.output<Schema>, tenant: TenantRoutes): Issue[];
  /**
   * The jobs that one piece of input becomes, in order; one, unless it is split.
   * @param tenant as in `violations`.
   */
  expand(data: z.output<Schema>, tenant?: TenantRoutes): z.output<Schema>[];
}

/** Fills in what most kinds have in common. */
export function defineJob<const Kind extends string, Schema extends z.ZodType>(
  definition: Pick<JobDefinition<Kind, Schema>, 'kind' | 'schema' | 'eventOf' | 'bucket' | 'kindCode'> &
    Partial<JobDefinition<Kind, Schema>>,
): JobDefinition<Kind, Schema> {
  return {
    nameOf: () => definition.kind,
    isStep: () => false,
    successWord: () => 'delivered',
    privateResultFields: [],
    haltsLane: true,
    lane: () => null,
    violations: () => [],
    capabilityIssues: () => [],
    expand: (data) => [data],
    ...definition,
  };
}

export type Parsed<Data> = Checked<Data>;

/** Largest job, in bytes of UTF-8 as JSON. A larger one is refused unread. */
export const MAX_JOB_BYTES = 1024 * 1024;

/**
 * Checks one piece of input against the contract, the policy and what its tenant can do, and names
 * every issue. Never throws.
 *
 * @param tenant the tenant; undefined for a producer without a tenants file.
 */
export function parseJob<Schema extends z.ZodType>(
  definition: JobDefinition<string, Schema>,
  input: unknown,
  policy: ContentPolicy,
  tenant?: TenantRoutes,
): Parsed<z.output<Schema>> {
  const tooLarge = issuesFrom(() => sizeIssues(input));
  if (tooLarge.length > 0) return { ok: false, issues: tooLarge };
  const parsed = checked(definition.schema, input);
  const issues = [
    ...(parsed.ok ? [] : parsed.issues),
    ...issuesFrom(() => definition.violations(input, policy, tenant)),
    ...issuesFrom(() => contentIssues(definition.schema, input, policy)),
    ...(parsed.ok && tenant ? issuesFrom(() => definition.capabilityIssues(parsed.data, tenant)) : []),
  ];
  // A step carries values of Genesys Cloud, which stay as they are.
  const isStep = parsed.ok && definition.isStep(parsed.data as object);
  const all = isStep ? issues : withUnreadable(input, issues);
  return parsed.ok && all.length === 0 ? parsed : { ok: false, issues: firstIssues(all) };
}

function sizeIssues(input: unknown): Issue[] {
  const path = fieldBeyond(input, MAX_JOB_BYTES);
  if (path === undefined) return [];
  return [{ path, message: `expected at most ${MAX_JOB_BYTES} bytes of JSON in a job, got more` }];
}

/** An unreadable text is the only issue of its field: other issues of it have the same cause. */
function withUnreadable(input: unknown, issues: readonly Issue[]): readonly Issue[] {
  const unreadable = issuesFrom(() => unreadableIssues(input));
  if (unreadable.length === 0) return issues;
  const paths = new Set(unreadable.map(({ path }) => path));
  return [...unreadable, ...issues.filter(({ path }) => !paths.has(path))];
}
