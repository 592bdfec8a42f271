import { z } from 'zod';
import { type BackoffPolicy, exponential } from '../../src/core/backoff.ts';
import type { Clock } from '../../src/core/clock.ts';
import { done, snooze } from '../../src/core/outcome.ts';
import type { AuditRecord as GenesysAuditRecord } from '../../src/genesys/dialects/guest/shapes.ts';
import type { AuditReadBackStep } from '../../src/jobs/config-rollout.ts';
import type { Handler, JobContext } from '../../src/runtime/handler.ts';
import { type CollectorOptions, createCollector } from '../audit/collect.ts';

export interface AuditReadBackOptions extends CollectorOptions {
  readonly clock: Clock;
  /** The wait between two looks. */
  readonly pollBackoff: BackoffPolicy;
  /** How long records may take to appear, ms. */
  readonly readBackTimeoutMs: number;
}

/** A change whose audit record the step looks for. */
type Expected = AuditReadBackStep['organizations'][number];

/** What the step saves between two looks. */
const savedState = z.object({
  missing: z.array(z.object({ organizationId: z.string(), version: z.number() })),
  looks: z.number(),
  deadlineMs: z.number(),
});

type Progress = z.output<typeof savedState>;

const ACTION = 'webchat:configuration:update';
const PAGE_SIZE = 100;
/**
 * Many times the changes of one rollout. Without this limit the step would follow an endless answer
 * for ever.
 */
const MAX_PAGES = 200;
/** Organizations without a record that the result names. */
const NAMED = 20;
/** Clocks differ: a record may have a time a little after this one, ms. */
const MARGIN_MS = 60_000;

type ReadBackJob = JobContext<AuditReadBackStep>;

/**
 * Reads the audit records of what a rollout changed (docs/guides.md#query-audit-records) into the
 * audit store. Records may come late: the step looks again until each change has its record, or
 * `readBackTimeoutMs` is over.
 */
export function auditReadBackStep(options: AuditReadBackOptions): Handler<AuditReadBackStep> {
  const { clock, pollBackoff, readBackTimeoutMs } = options;
  const collectPage = createCollector(options);

  return async function readBack(job) {
    const { missing, looks, deadlineMs } = progressOf(job);
    const records = await recordsOf(job, missing);
    const stillMissing = missing.filter((change) => !records.some((record) => isOf(record, change)));
    if (stillMissing.length === 0 || clock.now() >= deadlineMs) {
      return done(reportOf(job.data.organizations, stillMissing));
    }
    await job.steps.save({ missing: stillMissing, looks: looks + 1, deadlineMs, begun: true });
    const leftMs = Math.max(0, deadlineMs - clock.now());
    return snooze(Math.min(leftMs, exponential(pollBackoff, looks + 1)), 'audit-records-missing');
  };

  function progressOf({ data, steps }: ReadBackJob): Progress {
    const fresh = { missing: data.organizations, looks: 0, deadlineMs: clock.now() + readBackTimeoutMs };
    return steps.saved(savedState) ?? fresh;
  }

  async function recordsOf(job: ReadBackJob, missing: readonly Expected[]): Promise<GenesysAuditRecord[]> {
    const query = {
      organizationIds: missing.map(({ organizationId }) => organizationId),
      actions: [ACTION],
      from: job.data.since,
      to: new Date(clock.now() + MARGIN_MS).toISOString(),
      pageSize: PAGE_SIZE,
    };
    const records: GenesysAuditRecord[] = [];
    for (let page = 1; page <= MAX_PAGES; page++) {
      const collected = await collectPage(job, { ...query, page });
      records.push(...collected.records);
      if (collected.isLast) break;
    }
    return records;
  }
}

/** A record without a version matches any change of its organization. */
function isOf({ organizationId, details }: GenesysAuditRecord, change: Expected): boolean {
  const version = details['version'];
  return (
    organizationId === change.organizationId && (typeof version !== 'number' || version === change.version)
  );
}

function reportOf(expected: readonly Expected[], missing: readonly Expected[]) {
  return {
    status: missing.length === 0 ? 'found' : 'missing',
    found: expected.length - missing.length,
    missing: missing.length,
    missingOrganizations: missing.slice(0, NAMED).map(({ organizationId }) => organizationId),
  };
}
