import { describe, expect, test } from 'vitest';
import { jobIdOf } from '../../../src/core/ids.ts';
import { COMPARED } from '../../../src/queues/search.ts';
import { keyFiles, payloadKeysOf } from '../../support/payload-keys.ts';
import { card, message, openSystem, type System } from '../../support/system.ts';
import { numbers } from './stored.ts';

const KIND = 'message-transmission';
const TRACE = 'f'.repeat(31).concat('0');

async function enqueue(system: System, fields: object = {}): Promise<string> {
  return (await system.openProducer().enqueue(KIND, message(fields))).jobIds[0] ?? '';
}

async function find(system: System, text: string, tenantId = 'acme') {
  const { found, forgotten } = await system.jobs.search({ tenantId, text });
  return { found: found.map(({ by, job }) => [by, job.jobId]), forgotten };
}

describe('a search', () => {
  test.for(['in clear', 'sealed'])('finds a job by each of its names, %s', async (how) => {
    const sealing = { PAYLOAD_KEYS: payloadKeysOf(await keyFiles('one'), 'one') };
    const environment = how === 'sealed' ? sealing : {};
    const system = await openSystem({ tenants: ['acme', 'globex'], environment });
    const traceparent = `00-${TRACE}-00f067aa0ba902b7-01`;
    const fields = { conversationId: 'conv-1', guestId: 'guest-1', idempotencyKey: 'crm-1', traceparent };
    const jobId = await enqueue(system, fields);
    await enqueue(system, { conversationId: 'conv-2', guestId: 'guest-2' });
    await enqueue(system, { ...fields, tenantId: 'globex' });
    const queue = system.queues.of(KIND, 'acme');
    const reason = 'GENESYS_UNAVAILABLE: message.send: Genesys Cloud answered 503 (correlation id c-9)';
    await system.client.hset(queue.toKey(jobId), { failedReason: reason });

    for (const [text, by] of [
      [jobId, 'job'],
      ['crm-1', 'idempotency-key'],
      ['conv-1', 'conversation'],
      ['guest-1', 'guest'],
      [TRACE, 'trace'],
      [traceparent, 'trace'],
      ['c-9', 'correlation'],
    ] as const) {
      expect(await find(system, text), text).toEqual({ found: [[by, jobId]], forgotten: [] });
    }
    expect(await find(system, jobId, 'globex')).toEqual({ found: [], forgotten: [] });
    expect(await find(system, 'nothing')).toEqual({ found: [], forgotten: [] });
  });

  test('has the jobs of a conversation of all kinds, newest first', async () => {
    const system = await openSystem();
    const first = await enqueue(system, { conversationId: 'conv-1' });
    const second = await system.openProducer().enqueue('card-delivery', card({ conversationId: 'conv-1' }));

    const { found } = await find(system, 'conv-1');

    expect(found).toEqual([
      ['conversation', second.jobIds[0]],
      ['conversation', first],
    ]);
  });

  test('has all parts of a split text by their key', async () => {
    const system = await openSystem();
    const body = { contentType: 'text/plain', content: 'word '.repeat(3000) };
    const producer = system.openProducer();
    const { jobIds } = await producer.enqueue(KIND, message({ idempotencyKey: 'long', split: true, body }));

    expect(jobIds.length).toBeGreaterThan(1);
    expect((await find(system, 'long')).found).toEqual(jobIds.map((id) => ['idempotency-key', id]));
  });

  test('tells a key whose job has left Redis, by the ledger', async () => {
    const system = await openSystem();
    const jobId = jobIdOf(KIND, 'acme', 'old');
    await system.client.set(`${system.keys.own('acme')}ledger:m${jobId}`, 'sent {}');

    const forgotten = [{ jobId, kind: KIND, ending: 'sent' }];
    expect(await find(system, 'old')).toEqual({ found: [], forgotten });
    expect(await find(system, jobId)).toEqual({ found: [], forgotten });
  });

  test('compares a bounded number of jobs per page, and every job on some page', async () => {
    const system = await openSystem();
    const entries = numbers(0, COMPARED + 20).map((n) =>
      message({ guestId: n === 3 ? 'rare' : `guest-${n}` }),
    );
    await system.openProducer().enqueueMany(KIND, entries);

    const first = await system.jobs.search({ tenantId: 'acme', text: 'rare' });
    const cursor = first.cursor ?? undefined;
    const second = await system.jobs.search({ tenantId: 'acme', text: 'rare', cursor });

    expect(first).toMatchObject({ found: [], seen: COMPARED, cursor: expect.any(String) });
    expect(second).toMatchObject({ found: [{ by: 'guest' }], seen: 21, cursor: null });
  });
});

describe('a conversation', () => {
  test('has its jobs by sequence number, with the reason why each waits', async () => {
    const system = await openSystem();
    const ids = [];
    for (let n = 0; n < 5; n++) ids.push(await enqueue(system, { conversationId: 'conv-1' }));
    await enqueue(system, { conversationId: 'conv-2' });

    const first = await system.jobs.conversation({ tenantId: 'acme', lane: 'conv-1', limit: 3 });
    const cursor = first.cursor ?? undefined;
    const second = await system.jobs.conversation({ tenantId: 'acme', lane: 'conv-1', limit: 3, cursor });

    const jobs = [...first.jobs, ...second.jobs];
    expect(jobs.map(({ sequence, jobId }) => [sequence, jobId])).toEqual(ids.map((id, at) => [at + 1, id]));
    expect(jobs.slice(1).map(({ waiting }) => waiting.reason)).toEqual(Array(4).fill('order'));
    expect(jobs[1]?.waiting).toEqual((await system.jobs.find(ids[1] ?? ''))?.waiting);
    expect([first.jobsWaiting, second.cursor]).toEqual([5, null]);
    const newest = await system.jobs.conversation({ tenantId: 'acme', lane: 'conv-1', order: 'newest' });
    expect(newest.jobs.map(({ sequence }) => sequence)).toEqual([5, 4, 3, 2, 1]);
  });
});
