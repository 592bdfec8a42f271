import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { Pool } from 'undici';
import type { LoadOrder, LoadReport } from './load.ts';
import { messages } from './messages.ts';

/** The process of load.ts. It checks of an answer no more than it must: its work costs the door. */

/** Single messages under way. Each has a connection of its own. */
const CONNECTIONS = 32;
const PER_CONVERSATION = 4;
/** The batch is written in pieces of this size, as a program does that reads a file. */
const PIECE_BYTES = 64 * 1024;

process.on('message', async (order: LoadOrder) => {
  const send = order.as === 'posts' ? sendPosts : sendLines;
  const report = await send(order).catch((error: unknown) => ({
    ...{ elapsedMs: 0, accepted: 0, failure: String(error) },
  }));
  process.send?.(report);
});
process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
process.send?.({ ready: true });

/** Makes all bodies first, so that the time has sending alone. */
async function sendPosts({ url, headers, count, tenantIds }: LoadOrder): Promise<LoadReport> {
  const bodies = Array.from(messages({ count, tenantIds, perConversation: PER_CONVERSATION }), (message) =>
    Buffer.from(JSON.stringify(message)),
  );
  const pool = new Pool(url, { connections: CONNECTIONS });
  const all = { ...headers, 'content-type': 'application/json' };
  let accepted = 0;
  const sendOne = async (body: Buffer) => {
    const answer = await pool.request({ method: 'POST', path: '/v1/messages', headers: all, body });
    await answer.body.dump();
    if (answer.statusCode === 202) accepted++;
  };
  const startedMs = performance.now();
  const source = bodies.values();
  const loops = Array.from({ length: CONNECTIONS }, async () => {
    for (const body of source) await sendOne(body);
  });
  await Promise.all(loops);
  const elapsedMs = performance.now() - startedMs;
  await pool.close();
  return { elapsedMs, accepted };
}

/** Streams one batch, and reads its answer meanwhile. It makes each piece when the door takes it. */
async function sendLines({ url, headers, count, tenantIds }: LoadOrder): Promise<LoadReport> {
  const startedMs = performance.now();
  const outgoing = request(`${url}/v1/batch`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-ndjson' },
  });
  const answered = once(outgoing, 'response').then(([answer]) => lastLineOf(answer as IncomingMessage));
  const written = (async () => {
    for (const piece of pieces(count, tenantIds)) {
      if (!outgoing.write(piece)) await once(outgoing, 'drain');
    }
    outgoing.end();
  })();
  const [last] = await Promise.all([answered, written]);
  const { summary } = JSON.parse(last) as { summary?: { accepted: number } };
  return { elapsedMs: performance.now() - startedMs, accepted: summary?.accepted ?? 0 };
}

function* pieces(count: number, tenantIds: readonly string[]): Generator<Buffer> {
  let piece = '';
  for (const message of messages({ count, tenantIds, perConversation: PER_CONVERSATION })) {
    piece += `${JSON.stringify({ kind: 'message-transmission', ...message })}\n`;
    if (piece.length < PIECE_BYTES) continue;
    yield Buffer.from(piece);
    piece = '';
  }
  if (piece !== '') yield Buffer.from(piece);
}

/** No line of an answer is longer than this. */
const LONGEST_LINE = 10_000;

async function lastLineOf(answer: IncomingMessage): Promise<string> {
  let end = '';
  for await (const chunk of answer.setEncoding('utf8')) end = (end + chunk).slice(-LONGEST_LINE);
  return end.trimEnd().split('\n').at(-1) ?? '';
}
