import type { Issue } from '../core/issues.ts';
import { isRecord } from '../core/json.ts';
import type { JobInput, JobKind } from '../jobs/catalog.ts';
import type { EnqueueSummary } from '../queues/enqueue-many.ts';
import type { Producer } from '../queues/producer.ts';
import type { EntryReport, RefusedEntry } from '../queues/submit.ts';
import { createInOrder } from './in-order.ts';
import type { NdjsonLine } from './ndjson.ts';

/** The result of one line. */
export type LineResult = { readonly line: number } & (
  | {
      readonly status: 'accepted' | 'duplicate';
      readonly jobIds: readonly string[];
      readonly tenantId: string;
    }
  | { readonly status: 'rejected'; readonly errors: readonly Issue[] }
  | Pick<RefusedEntry, 'status' | 'code' | 'tenantId' | 'limit'>
);

export interface EnqueueLinesOptions {
  /** Called with the result of each line, in the order of the lines. */
  readonly onResult: (result: LineResult) => void;
  /** Called with the number of lines that are done. */
  readonly onProgress?: (lines: number) => void;
}

/** Enqueues the valid lines of an input, and reports each line with its number. */
export async function enqueueLines(
  producer: Pick<Producer, 'enqueueMany'>,
  kind: JobKind,
  lines: AsyncIterable<NdjsonLine>,
  { onResult, onProgress }: EnqueueLinesOptions,
): Promise<EnqueueSummary> {
  // Producers count entries. People count lines, also blank and wrong ones.
  const lineOf = new Map<number, { readonly line: number; readonly tenantId: string }>();
  const results = createInOrder<LineResult>(onResult);
  let unreadable = 0;
  let dealtWith = 0;

  async function* entries() {
    let index = 0;
    for await (const { line, value, issue } of lines) {
      results.expect(line);
      if (issue !== undefined) {
        unreadable++;
        results.settle(line, { line, status: 'rejected', errors: [{ path: '', message: issue }] });
        continue;
      }
      lineOf.set(index++, { line, tenantId: tenantIn(value) });
      yield value as JobInput<JobKind>;
    }
  }

  const onEntry = ({ index, ...report }: EntryReport) => {
    const { line = 0, tenantId = '' } = lineOf.get(index) ?? {};
    lineOf.delete(index);
    const isTaken = report.status === 'accepted' || report.status === 'duplicate';
    results.settle(line, isTaken ? { line, ...report, tenantId } : { line, ...report });
    onProgress?.(++dealtWith);
  };
  try {
    const summary = await producer.enqueueMany(kind, entries(), { onEntry });
    return { ...summary, rejected: summary.rejected + unreadable };
  } finally {
    results.flush();
  }
}

/** The tenant of a job, as its line names it. */
function tenantIn(value: unknown): string {
  return isRecord(value) && typeof value['tenantId'] === 'string' ? value['tenantId'] : '';
}
