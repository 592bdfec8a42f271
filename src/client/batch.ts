import { type ApiErrorCode, type ApiFieldError, ConnectionError } from './api-error.ts';
import { chunksOf } from './chunks.ts';
import { readAnswerLines } from './ndjson.ts';
import { sleep, waitBeforeRetry } from './retry.ts';
import { withKey } from './send.ts';
import type { CallOptions, Transport } from './transport.ts';
import type { BatchLine } from './types.ts';

export interface BatchOptions extends CallOptions {
  /** Most lines of one request; 1,000 by default. */
  readonly linesPerRequest?: number | undefined;
}

/** The result of one line. */
export type BatchResult = {
  /** Its number in the batch, from 1. */
  readonly line: number;
} & (
  | {
      /** `replayed`: a job with the same idempotency key was accepted before. */
      readonly status: 'accepted' | 'replayed';
      readonly id: string;
      /** Several when a text was split. */
      readonly ids: readonly string[];
    }
  | {
      /** `refused`: there is no room for it now. The caller may send it again later. */
      readonly status: 'rejected' | 'refused';
      readonly code: ApiErrorCode;
      readonly errors?: readonly ApiFieldError[];
    }
);

const LIMITS = { maxItems: 1000, maxLength: 4 * 1024 * 1024, waitMs: 50 };
const NDJSON = 'application/x-ndjson';

/**
 * Sends lines in requests of some lines each, and yields their results in the same order. It reads no
 * further than the caller takes results. A request that breaks off is sent again from its first line
 * without a result: every line has an idempotency key, so no job is accepted twice.
 *
 * One request with all lines would need a stream in both directions, which browsers do not have.
 */
export async function* sendBatch(
  transport: Transport,
  lines: AsyncIterable<BatchLine> | Iterable<BatchLine>,
  { linesPerRequest = LIMITS.maxItems, ...options }: BatchOptions = {},
): AsyncGenerator<BatchResult, void, undefined> {
  let before = 0;
  for await (const texts of chunksOf(textsOf(lines), { ...LIMITS, maxItems: linesPerRequest })) {
    for await (const result of sendChunk(transport, texts, options)) {
      yield { ...result, line: ++before };
    }
  }
}

async function* textsOf(lines: AsyncIterable<BatchLine> | Iterable<BatchLine>): AsyncGenerator<string> {
  for await (const line of lines) {
    yield `${JSON.stringify(withKey(line))}\n`;
  }
}

/** The results of some lines, each of which has one. */
async function* sendChunk(
  transport: Transport,
  texts: readonly string[],
  options: CallOptions,
): AsyncGenerator<BatchResult, void, undefined> {
  let done = 0;
  for (let attempt = 0; done < texts.length; attempt++) {
    try {
      const body = texts.slice(done).join('');
      const headers = { 'content-type': NDJSON };
      const call = {
        method: 'POST',
        path: '/v1/batch',
        headers,
        body,
        isRepeatable: true,
        ...options,
      } as const;
      for await (const line of readAnswerLines(transport.stream(call))) {
        if (!('line' in line)) continue;
        attempt = 0;
        done++;
        yield line as BatchResult;
      }
      if (done < texts.length) throw new ConnectionError('The answer to the batch broke off.');
    } catch (error) {
      const waitMs = waitBeforeRetry(error, attempt, true, transport.policy);
      if (waitMs === undefined) throw error;
      await sleep(waitMs, options.signal);
    }
  }
}
