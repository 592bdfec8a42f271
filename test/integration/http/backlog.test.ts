import { expect, test } from 'vitest';
import * as samples from '../../../src/http/routes/samples.ts';
import { message, openSystem } from '../../support/system.ts';
import { callerOf } from './calls.ts';
import { openServer } from './stage.ts';

const KIND = 'message-transmission';
const BUCKET = { tenantId: 'acme', bucketClass: 'messages' } as const;
const LIMIT = { capacity: 100, ratePerSecond: 100 };
const ROOM = 2;

test('a tenant without room gets 429 with Retry-After on every way in, and each job once when it has room', async () => {
  const system = await openSystem();
  const setRoom = async (maxWaiting: number) => await system.flow.configure(BUCKET, LIMIT, { maxWaiting });
  await setRoom(ROOM);
  const { url, keys } = await openServer(system);
  const call = callerOf(url, await keys.make());
  const { tenantId, ...data } = message();
  const single = { body: message(), headers: { 'idempotency-key': 'single' } };
  const event = {
    headers: { 'content-type': 'application/cloudevents+json' },
    body: {
      ...{ specversion: '1.0', id: '1', source: '/shop', partitionkey: tenantId, data },
      type: `com.genesys.webmessaging.${KIND}`,
    },
  };
  const batch = {
    headers: { 'content-type': 'application/x-ndjson' },
    body: `${JSON.stringify({ kind: KIND, ...message(), idempotencyKey: 'line' })}\n`,
  };
  for (let n = 0; n < ROOM; n++) expect((await call('/v1/messages', { body: message() })).status).toBe(202);

  // Twice: a refused request leaves no claim behind.
  for (const [path, request] of [
    ['/v1/messages', single],
    ['/v1/messages', single],
    ['/v1/events', event],
    ['/v1/events', event],
  ] as const) {
    const { status, headers, body } = await call(path, request);
    expect({ path, status, code: body.code }).toEqual({ path, status: 429, code: 'BACKLOG_FULL' });
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  }
  const refused = await call('/v1/batch', batch);
  expect(JSON.parse(refused.body.split('\n')[0])).toEqual({
    line: 1,
    status: 'refused',
    code: 'BACKLOG_FULL',
  });
  expect(await countOf(system)).toBe(ROOM);

  await setRoom(1000);
  for (const [path, request] of [
    ['/v1/messages', single],
    ['/v1/events', event],
    ['/v1/batch', batch],
  ] as const) {
    for (let n = 0; n < 2; n++) expect((await call(path, request)).status).toBeLessThan(300);
  }
  expect(await countOf(system)).toBe(ROOM + 3);
});

async function countOf({ queues }: Awaited<ReturnType<typeof openSystem>>): Promise<number> {
  const counts = await queues.of(KIND, 'acme').getJobCounts();
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

test('no line overtakes a refused one of its conversation, also when lines change their kind one by one', async () => {
  const system = await openSystem();
  await system.flow.configure(BUCKET, LIMIT, { maxWaiting: 5 });
  const { url, keys } = await openServer(system);
  const call = callerOf(url, await keys.make());
  const { conversationId } = message();
  const { idempotencyKey: _key, ...card } = samples.card;
  // Cards have a limit of their own, which is far away.
  const lines = Array.from({ length: 60 }, (_, number) =>
    number % 2 === 1
      ? { kind: 'card-delivery', ...card, conversationId }
      : { kind: KIND, ...message(), conversationId },
  );

  const { body } = await call('/v1/batch', {
    headers: { 'content-type': 'application/x-ndjson' },
    body: lines.map((line) => JSON.stringify(line)).join('\n'),
  });

  const statuses = [...body.matchAll(/"status":"(\w+)"/g)].map(([, status]) => status);
  const firstRefused = statuses.indexOf('refused');
  expect(firstRefused).toBeGreaterThan(0);
  expect(new Set(statuses.slice(firstRefused))).toEqual(new Set(['refused']));
});
