import { describeFault } from '../core/faults.ts';
import type { JobInput, JobKind } from '../jobs/catalog.ts';
import type { EnqueueSummary } from '../queues/enqueue-many.ts';
import type { Producer } from '../queues/producer.ts';
import type { NdjsonLine } from './ndjson.ts';

export interface EnqueueLinesOptions {
  /** Told about each line that does not go in. */
  readonly onFault: (line: number, reason: string) => void;
  /** Told about each line that was not taken because another one with its key was. */
  readonly onDifference?: (line: number) => void;
  /** Told how many lines are dealt with, as they are. */
  readonly onProgress?: (lines: number) => void;
}

/** Enqueues the good lines of an input, and reports the bad ones with their numbers. */
export async function enqueueLines(
  producer: Pick<Producer, 'enqueueMany'>,
  kind: JobKind,
  lines: AsyncIterable<NdjsonLine>,
  { onFault, onDifference, onProgress }: EnqueueLinesOptions,
): Promise<EnqueueSummary> {
  // Producers count entries, people count lines: blank and broken ones are lines too.
  const lineOf = new Map<number, number>();
  let unreadable = 0;
  let dealtWith = 0;

  async function* entries() {
    let index = 0;
    for await (const { line, value, fault } of lines) {
      if (fault !== undefined) {
        unreadable++;
        onFault(line, fault);
        continue;
      }
      lineOf.set(index++, line);
      yield value as JobInput<JobKind>;
    }
  }

  const summary = await producer.enqueueMany(kind, entries(), {
    onEntry(entry) {
      if (entry.status === 'rejected') {
        onFault(lineOf.get(entry.index) ?? 0, entry.faults.map(describeFault).join('; '));
      }
      if (entry.status === 'duplicate' && entry.isDifferent) onDifference?.(lineOf.get(entry.index) ?? 0);
      lineOf.delete(entry.index);
      onProgress?.(++dealtWith);
    },
  });
  return { ...summary, rejected: summary.rejected + unreadable };
}
