import { describe, expect, test } from 'vitest';
import { enqueueLines, type LineResult } from '../../../src/cli/enqueue-lines.ts';
import type { NdjsonLine } from '../../../src/cli/ndjson.ts';
import { describeIssue } from '../../../src/core/issues.ts';
import type { EnqueueSummary } from '../../../src/queues/enqueue-many.ts';
import type { Producer } from '../../../src/queues/producer.ts';
import type { EntryReport } from '../../../src/queues/submit.ts';

/**
 * A producer that takes all entries except the text "bad". It reports its last entries first, as
 * batches may.
 */
function createProducer() {
  const taken: unknown[] = [];
  const enqueueMany: Producer['enqueueMany'] = async (_kind, entries, { onEntry } = {}) => {
    for await (const entry of entries as AsyncIterable<unknown>) taken.push(entry);
    const reports = taken.map((entry, index): EntryReport => {
      const issues = [
        { path: 'body', message: 'expected object' },
        { path: '', message: 'odd' },
      ];
      return entry === 'bad'
        ? { index, status: 'rejected', errors: issues }
        : { index, status: 'accepted', jobIds: ['k'] };
    });
    for (const report of reports.toReversed()) onEntry?.(report);
    const rejected = reports.filter(({ status }) => status === 'rejected').length;
    return {
      accepted: reports.length - rejected,
      duplicates: 0,
      rejected,
      refused: 0,
      jobs: reports.length - rejected,
    };
  };
  const producer: Pick<Producer, 'enqueueMany'> = { enqueueMany };
  return { producer, taken };
}

async function* linesOf(lines: readonly NdjsonLine[]) {
  yield* lines;
}

async function enqueue(lines: readonly NdjsonLine[]) {
  const { producer, taken } = createProducer();
  const results: LineResult[] = [];
  const progress: number[] = [];
  const summary: EnqueueSummary = await enqueueLines(producer, 'message-transmission', linesOf(lines), {
    onResult: (result) => results.push(result),
    onProgress: (count) => progress.push(count),
  });
  const issues = results.flatMap((result) =>
    result.status === 'rejected' ? [[result.line, result.errors.map(describeIssue).join('; ')]] : [],
  );
  return { summary, taken, progress, issues, reported: results.map(({ line }) => line) };
}

describe('the enqueued lines of a file', () => {
  test('are accepted in order', async () => {
    const { summary, taken, issues } = await enqueue([
      { line: 1, value: 'one' },
      { line: 4, value: 'two' },
    ]);
    expect(taken).toEqual(['one', 'two']);
    expect(issues).toEqual([]);
    expect(summary).toEqual({ accepted: 2, duplicates: 0, rejected: 0, refused: 0, jobs: 2 });
  });

  test('are reported by their own numbers, between blank and invalid ones', async () => {
    const { summary, taken, issues, reported } = await enqueue([
      { line: 2, issue: 'expected JSON' },
      { line: 3, value: 'good' },
      { line: 7, value: 'bad' },
      { line: 8, issue: 'expected JSON' },
      { line: 9, value: 'bad' },
      { line: 10, value: 'good' },
    ]);
    expect(taken).toEqual(['good', 'bad', 'bad', 'good']);
    expect(reported).toEqual([2, 3, 7, 8, 9, 10]);
    expect(issues).toEqual([
      [2, 'expected JSON'],
      [7, 'body: expected object; odd'],
      [8, 'expected JSON'],
      [9, 'body: expected object; odd'],
    ]);
    expect(summary).toEqual({ accepted: 2, duplicates: 0, refused: 0, rejected: 4, jobs: 2 });
  });

  test('may be null', async () => {
    expect((await enqueue([{ line: 1, value: null }])).taken).toEqual([null]);
  });

  test('count as progress once they are reported', async () => {
    const { progress } = await enqueue([
      { line: 1, value: 'good' },
      { line: 2, value: 'bad' },
      { line: 3, value: 'good' },
    ]);
    expect(progress).toEqual([1, 2, 3]);
  });
});
