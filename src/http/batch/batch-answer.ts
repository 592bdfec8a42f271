import { batchEntryOf } from '../../ingest/batch-entry.ts';
import { decoded } from '../../ingest/decode-body.ts';
import { type Line, readLines } from '../../ingest/lines.ts';
import { MAX_JOB_BYTES } from '../../jobs/define.ts';
import {
  type AcceptOptions,
  type BatchItem,
  type ItemResult,
  type PreparedItems,
  prepareItems,
  submitItems,
} from './accept-entries.ts';
import { chunksOf, type Settled, settled } from './chunks.ts';

export interface BatchOptions extends AcceptOptions {
  readonly body: AsyncIterable<Uint8Array>;
  readonly contentEncoding: string | undefined;
  /** Fills in the tenant of the key, and the trace of the request. */
  readonly withDefaults: (input: unknown) => unknown;
  /** Rejects when the key of the request has been revoked meanwhile. */
  readonly checkKey: () => Promise<void>;
  /** The last line of an answer that breaks off. */
  readonly problemOf: (error: unknown) => Promise<object>;
}

/** Decompressed. A million jobs of one kibibyte have half of it. */
const MAX_BATCH_BYTES = 2 * 1024 ** 3;
/** Lines of a mebibyte would fill the memory of the process long before there are 1,000 of them. */
const CHUNK = { maxItems: 1000, waitMs: 20, maxWeight: 4 * 1024 * 1024 };

/**
 * The lines of the answer to a batch: a result for each line of the body as soon as it is decided, in
 * their order, and a summary. It reads no further than the caller takes the answer, and holds two chunks
 * at a time: while Redis takes one, the next one arrives and is checked.
 * @throws {BodyError} at once for an encoding that it cannot undo. A failure in front of the first result
 * is thrown; a later one is a line of the answer.
 */
export function batchAnswer(options: BatchOptions): AsyncGenerator<string> {
  const limits = { maxLineBytes: MAX_JOB_BYTES, maxBytes: MAX_BATCH_BYTES };
  const bytes = decoded(options.body, options.contentEncoding, limits);
  let read = 0;
  const counted = counting(bytes, async (length) => {
    read += length;
    // To read the lines of a piece takes a millisecond.
    await options.breaths.due();
  });
  return answerLines(chunksOf(readLines(counted, limits), { ...CHUNK, weight: () => read }), options);
}

async function* counting(
  chunks: AsyncIterable<Uint8Array>,
  count: (length: number) => Promise<void>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    await count(chunk.length);
    yield chunk;
  }
}

async function* answerLines(chunks: AsyncIterable<Line[]>, options: BatchOptions): AsyncGenerator<string> {
  const counts = { lines: 0, accepted: 0, replayed: 0, rejected: 0, refused: 0 };
  try {
    for await (const results of decide(chunks, options)) {
      for (const { status } of results) counts[status]++;
      counts.lines += results.length;
      yield results.map((result) => `${JSON.stringify(result)}\n`).join('');
    }
    yield `${JSON.stringify({ summary: counts })}\n`;
  } catch (error) {
    // Nothing is accepted, and nothing is answered yet.
    if (counts.lines === 0) throw error;
    yield `${JSON.stringify({ problem: await options.problemOf(error), summary: counts })}\n`;
  }
}

type LineResult = { readonly line: number } & ItemResult;

/** Lines that were checked, and their numbers. */
interface Checked {
  readonly numbers: readonly number[];
  readonly items: PreparedItems;
}

/**
 * Redis takes one chunk at a time, so that none overtakes one that fails. The next chunk arrives and is
 * checked meanwhile, and goes to Redis before the answer to this one is written.
 */
async function* decide(
  chunks: AsyncIterable<Line[]>,
  options: BatchOptions,
): AsyncGenerator<readonly LineResult[]> {
  const iterator = checkedChunks(chunks, options);
  try {
    let taken = accept(await settled(iterator), options);
    while (taken) {
      let arrived: Settled<Checked> | undefined;
      const next = settled(iterator).then((came) => {
        arrived = came;
        return came;
      });
      const results = await taken;
      const early = arrived && accept(arrived, options);
      yield results;
      taken = early ?? accept(await next, options);
    }
  } finally {
    void iterator.return?.(undefined);
  }
}

async function* checkedChunks(chunks: AsyncIterable<Line[]>, options: BatchOptions): AsyncGenerator<Checked> {
  for await (const lines of chunks) {
    const items = await prepareItems(
      lines.map((line) => itemOf(line, options)),
      options,
    );
    yield { numbers: lines.map(({ number }) => number), items };
  }
}

/** Hands a chunk to Redis. @returns its results; undefined behind the last chunk. */
function accept(came: Settled<Checked>, options: BatchOptions): Promise<readonly LineResult[]> | undefined {
  if ('isDone' in came) return undefined;
  const results = 'error' in came ? Promise.reject(came.error) : resultsOf(came.value, options);
  // The caller asks for it later: it takes the results before it first.
  results.catch(() => {});
  return results;
}

async function resultsOf({ numbers, items }: Checked, options: BatchOptions): Promise<readonly LineResult[]> {
  await options.checkKey();
  const results = await submitItems(items, options);
  return results.map((result, index) => ({ line: numbers[index] ?? 0, ...result }));
}

function itemOf({ value, error }: Line, { withDefaults }: BatchOptions): BatchItem {
  if (error) return { issues: [error] };
  const entry = batchEntryOf(value);
  return entry.issues ? entry : { kind: entry.kind, input: withDefaults(entry.input) };
}
