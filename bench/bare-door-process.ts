import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { Queue } from 'bullmq';
import Fastify from 'fastify';
import { Redis } from 'ioredis';
import { BARE_QUEUE, bareJobOf } from './bare-queue.ts';
import type { BareDoorSettings } from './doors.ts';
import type { Message } from './messages.ts';

/**
 * The reference of the HTTP API: Fastify in front of BullMQ, without keys, contracts, order or a
 * ledger. It answers as our API does.
 */
const settings: BareDoorSettings = JSON.parse(process.argv[2] ?? '');
const queue = new Queue(BARE_QUEUE, { connection: new Redis(settings.redisUrl), prefix: settings.prefix });
const app = Fastify();

app.post('/v1/messages', async (request, reply) => {
  const { name, data, opts } = bareJobOf(request.body as Message);
  const { id } = await queue.add(name, data, opts);
  return reply.code(202).send({ id, status: 'accepted', links: { self: `/v1/jobs/${id}` } });
});

app.addContentTypeParser('application/x-ndjson', (_request, payload, done) => done(null, payload));
app.post('/v1/batch', async (request, reply) => {
  return reply
    .type('application/x-ndjson')
    .send(Readable.from(answersTo(request.body as Readable), { objectMode: false }));
});

process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
await queue.waitUntilReady();
process.send?.({ ready: true, url: await app.listen({ host: '127.0.0.1', port: 0 }) });

/** As ours, it reads the next chunk while Redis takes this one. */
async function* answersTo(input: Readable): AsyncGenerator<string> {
  let count = 0;
  let chunk: ReturnType<typeof bareJobOf>[] = [];
  let adding: Promise<string> | undefined;
  const start = () => {
    const first = count - chunk.length + 1;
    const added = add(chunk, first);
    chunk = [];
    return added;
  };
  // An interface loses the lines that come before its loop begins.
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    const { kind: _, ...message } = JSON.parse(line) as Message & { kind: string };
    count++;
    if (chunk.push(bareJobOf(message)) < settings.chunkSize) continue;
    const before = adding;
    adding = start();
    if (before) yield await before;
  }
  if (adding) yield await adding;
  if (chunk.length > 0) yield await start();
  yield `${JSON.stringify({ summary: { lines: count, accepted: count } })}\n`;
}

async function add(jobs: ReturnType<typeof bareJobOf>[], first: number): Promise<string> {
  const added = await queue.addBulk(jobs);
  return added
    .map(({ id }, index) => `${JSON.stringify({ line: first + index, status: 'accepted', id })}\n`)
    .join('');
}
