import type { JobKind } from '../../jobs/catalog.ts';
import type { SandboxStats } from '../../sandbox/observe/stats.ts';
import type { AuditCounts } from './audit.ts';
import type { CallbackCounts } from './callbacks.ts';
import type { Enqueued } from './enqueue.ts';
import type { DialectCounts } from './platform.ts';
import { type QueueSummary, renderSummary } from './summary.ts';

/** The result of the demo. */
export interface DemoResult {
  readonly enqueued: Enqueued;
  readonly queues: ReadonlyMap<JobKind, QueueSummary>;
  readonly callbacks: CallbackCounts;
  readonly sandbox: SandboxStats;
  readonly dialects: DialectCounts;
  readonly audit: AuditCounts;
  /** Workers that died during the demo. */
  readonly deadWorkers: number;
  readonly seconds: number;
}

/**
 * Whether every line was delivered in order, reported once, and is in the audit store, and the API
 * replayed the batch that came again. The message of a worker that died may have arrived twice: no
 * other worker can know.
 */
export function isComplete({
  enqueued,
  queues,
  callbacks,
  sandbox,
  audit,
  deadWorkers,
}: DemoResult): boolean {
  const allDelivered = [...queues.values()].every(({ enqueued, delivered }) => delivered === enqueued);
  const allReported = callbacks.verified === enqueued.total && callbacks.failed === 0;
  const onceEach = sandbox.duplicates + callbacks.duplicates === 0 || deadWorkers > 0;
  const allReplayed = enqueued.ingest.replayed >= enqueued.ingest.http;
  const isAudited = audit.verified && audit.ownRecords >= enqueued.total && audit.syncedRecords > 0;
  return (
    enqueued.rejected === 0 &&
    allDelivered &&
    allReported &&
    onceEach &&
    allReplayed &&
    sandbox.outOfOrder === 0 &&
    isAudited
  );
}

/** The output of `--json`. */
export function jsonOf(result: DemoResult): unknown {
  const { enqueued, queues, callbacks, sandbox, dialects, audit, seconds } = result;
  const countsOf = ({ enqueued, delivered, failed }: QueueSummary) => ({ enqueued, delivered, failed });
  const rows = [...queues].map(([kind, summary]) => [kind, countsOf(summary)]);
  const { ingest } = enqueued;
  return { queues: Object.fromEntries(rows), ingest, callbacks, sandbox, dialects, audit, seconds };
}

/** The output for people. */
export function describeResult(result: DemoResult): string {
  const { enqueued, queues, callbacks, sandbox, dialects, audit, deadWorkers, seconds } = result;
  const { library, http, cloudEvents, replayed } = enqueued.ingest;
  const { accepted, duplicates, outOfOrder } = sandbox;
  const chains = audit.verified ? 'its chains of hashes are whole' : 'a chain of hashes is broken';
  const twice = duplicates + callbacks.duplicates;
  return [
    '',
    renderSummary(queues),
    `The library handed over ${library} messages, HTTP ${http}, CloudEvents ${cloudEvents}; the API replayed ${replayed} that came again.`,
    `The sandbox accepted ${accepted} messages, cards and changes, ${duplicates} of them twice, ${outOfOrder} out of order.`,
    `${dialects.guest} of them came in the dialect guest, ${dialects.platform} in the dialect platform.`,
    `The receiver verified ${callbacks.verified} callbacks, ${callbacks.failed} failed, ${callbacks.duplicates} came twice.`,
    `The audit store has ${audit.ownRecords} records of our own and ${audit.syncedRecords} of the sandbox; ${chains}.`,
    ...(twice > 0 && deadWorkers > 0
      ? ['A worker died while it sent the repeated ones; another one sent them again.']
      : []),
    ...(enqueued.rejected > 0 ? [`${enqueued.rejected} lines were rejected; see the lines above.`] : []),
    `It took ${seconds} s.`,
  ].join('\n');
}
