import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { startWorker } from '../support/gwm.ts';
import { makeKey, type Replica, startReplica } from '../support/serve.ts';
import { message, openSystem, PATIENT } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const KIND = 'message-transmission';
const LINES = 1200;
const CONVERSATIONS = 20;
/** The server dies when it has answered so many lines, with others under way. */
const KILL_AFTER = [1, 501];
const QUICK = { capacity: 1000, ratePerSecond: 1000 };

interface Line {
  readonly line?: number;
  readonly status?: string;
  readonly id?: string;
  readonly summary?: object;
}

const BATCH = Array.from({ length: LINES }, (_, n) => {
  const conversationId = `conv-${n % CONVERSATIONS}`;
  return `${JSON.stringify({ kind: KIND, ...message({ conversationId }), idempotencyKey: `line-${n}` })}\n`;
});

test(`a batch that is repeated after ${KILL_AFTER.length} kills of the server is sent whole, each line once, in order`, async () => {
  const system = await openSystem({ tenants: [{ id: 'acme', limit: QUICK }], environment: PATIENT });
  const { secret } = await makeKey(system);
  const ids = new Map<number, string>();

  for (const killAfter of KILL_AFTER) {
    const replica = await startReplica(system);
    const lines = await sendUntilKilled(replica, secret, killAfter);
    expect(lines.length).toBeGreaterThanOrEqual(killAfter);
    expect(lines.filter(({ summary }) => summary)).toEqual([]);
    for (const { line = 0, status, id = '' } of lines) {
      expect(['accepted', 'replayed']).toContain(status);
      // A line that was answered once keeps its id.
      expect(ids.get(line) ?? id).toBe(id);
      ids.set(line, id);
    }
  }
  const whole = await send(await startReplica(system), secret);

  const results = whole.slice(0, -1);
  expect(results.map(({ line }) => line)).toEqual(Array.from({ length: LINES }, (_, n) => n + 1));
  for (const { line = 0, status, id } of results) {
    if (ids.has(line)) expect({ line, status, id }).toEqual({ line, status: 'replayed', id: ids.get(line) });
    else expect(['accepted', 'replayed']).toContain(status);
  }
  expect(whole.at(-1)?.summary).toMatchObject({ lines: LINES, rejected: 0, refused: 0 });
  await startWorker(system, { LOG_LEVEL: 'info' });
  const jobs = await waitFor(
    async () => {
      const { completed, failed, ...others } = await system.queues.of(KIND, 'acme').getJobCounts();
      return Object.values(others).every((count) => count === 0) && { completed, failed };
    },
    { what: 'the end of all jobs', deadlineMs: 200_000 },
  );
  expect(jobs).toEqual({ completed: LINES, failed: 0 });
  expect(system.sandbox.stats()).toMatchObject({ accepted: LINES, duplicates: 0, outOfOrder: 0 });
}, 300_000);

function open({ url }: Replica, secret: string) {
  return httpRequest(`${url}/v1/batch`, {
    method: 'POST',
    headers: { 'x-api-key': secret, 'content-type': 'application/x-ndjson' },
  });
}

/** The lines of the answer before the process died. */
async function sendUntilKilled(replica: Replica, secret: string, killAfter: number): Promise<Line[]> {
  const request = open(replica, secret);
  request.on('error', () => {});
  const lines: Line[] = [];
  const answered = once(request, 'response').then(async ([response]: IncomingMessage[]) => {
    if (!response) return;
    response.on('error', () => {});
    for await (const text of createInterface({ input: response })) {
      lines.push(JSON.parse(text));
      if (lines.length === killAfter) replica.process.kill('SIGKILL');
    }
  });
  // The last line stays with the sender, so that the server dies before the end of the batch.
  for (const line of BATCH.slice(0, -1)) request.write(line);
  await Promise.allSettled([answered, replica.process.exit]);
  request.destroy();
  return lines;
}

async function send(replica: Replica, secret: string): Promise<Line[]> {
  const request = open(replica, secret);
  request.end(BATCH.join(''));
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const lines: Line[] = [];
  for await (const text of createInterface({ input: response })) lines.push(JSON.parse(text));
  return lines;
}
