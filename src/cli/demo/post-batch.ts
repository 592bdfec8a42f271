import { type BatchLine, type Client, createClient } from '../../client/client.ts';
import { isRecord } from '../../core/json.ts';
import { type ApiAccess, answering } from './api.ts';
import type { Batch } from './batches.ts';
import { createTally, type Handed, type Listener } from './tally.ts';

/** Most lines of one request. A third of the examples is one batch. */
const LINES_PER_REQUEST = 10_000;

const SILENT: Listener = { onRejected: () => {}, onProgress: () => {} };

/**
 * Posts a batch to `/v1/batch`, and then the same batch again. Redis has every job of the second one
 * already, so the API answers each line as replayed, and nothing is sent twice.
 */
export async function postBatchTwice(access: ApiAccess, batch: Batch, listener: Listener): Promise<Handed> {
  const client = createClient({ baseUrl: access.url, apiKey: access.key, retries: 2 });
  const first = await post(client, batch, listener);
  const second = await post(client, batch, SILENT);
  return { ...first, replayed: second.replayed };
}

async function post(client: Client, { kind, read }: Batch, listener: Listener): Promise<Handed> {
  const tally = createTally(listener);
  // The API counts the lines that it gets. People count the lines of the file.
  const sent: number[] = [];

  async function* lines(): AsyncGenerator<BatchLine> {
    for await (const { line, value, issue } of read()) {
      if (!isRecord(value)) {
        tally.reject(line, [{ path: '', message: issue ?? 'expected an object' }]);
        continue;
      }
      sent.push(line);
      // Without a key of its own, a line that comes again would be another job.
      yield { idempotencyKey: `line-${line}`, ...value, kind } as BatchLine;
    }
  }

  await answering(async () => {
    for await (const { line: _, ...answer } of client.batch(lines(), {
      linesPerRequest: LINES_PER_REQUEST,
    })) {
      tally.take(sent.shift() ?? 0, answer);
    }
  });
  return tally.handed();
}
