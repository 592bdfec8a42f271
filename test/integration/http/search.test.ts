import { beforeAll, describe, expect, test } from 'vitest';
import { message, openSystem, type System } from '../../support/system.ts';
import { type Caller, callerOf } from './calls.ts';
import { openServer, type TestServer } from './stage.ts';

const KIND = 'message-transmission';

/** Tests share the server. Each has conversations of its own. */
let system: System;
let server: TestServer;
let call: Caller;
let other: Caller;

beforeAll(async () => {
  system = await openSystem({ tenants: ['acme', 'globex'] });
  server = await openServer(system);
  call = callerOf(server.url, await server.keys.make({ tenants: ['acme'] }));
  other = callerOf(server.url, await server.keys.make({ tenants: ['globex'] }));
});

async function send(fields: object): Promise<string> {
  return (await call('/v1/messages', { body: { ...message(), ...fields } })).body.id as string;
}

describe('a search', () => {
  test('answers with the job and what of it was found, and shows no text', async () => {
    const id = await send({ conversationId: 'one', guestId: 'guest-one' });

    const { status, body } = await call('/v1/search?q=guest-one');

    expect(status).toBe(200);
    expect(body).toMatchObject({
      found: [{ by: 'guest', job: { id, links: { self: `/v1/jobs/${id}` } } }],
      isPartial: false,
      cursor: null,
      next: null,
    });
    expect(JSON.stringify(body)).not.toContain(message().body.content);
  });

  test('finds nothing of another tenant', async () => {
    const id = await send({ conversationId: 'two' });

    expect((await other(`/v1/search?q=${id}`)).body).toMatchObject({ found: [], forgotten: [] });
    expect((await other(`/v1/search?q=${id}&tenant=acme`)).status).toBe(404);
  });

  test.for([
    ['q', 'tenant=acme'],
    ['q', 'q='],
    ['q', `q=${'x'.repeat(301)}`],
    ['cursor', 'q=x&cursor=abc'],
    ['limit', 'q=x&limit=3'],
  ] as const)('refuses a wrong %s: %s', async ([parameter, query]) => {
    const { status, body } = await call(`/v1/search?${query}`);

    expect([status, body.errors]).toEqual([400, [{ parameter, detail: expect.any(String) }]]);
  });
});

describe('a conversation', () => {
  test('has its jobs in order, and the same reason as a job and the command line', async () => {
    const first = await send({ conversationId: 'three' });
    const second = await send({ conversationId: 'three' });

    const { status, body } = await call('/v1/conversations/three?limit=1');
    const next = await call(body.next);
    const job = await call(`/v1/jobs/${second}`);

    expect(status).toBe(200);
    expect(body).toMatchObject({ id: 'three', tenantId: 'acme', jobsWaiting: 2 });
    expect(body.jobs).toMatchObject([{ id: first, sequence: 1 }]);
    expect(next.body.jobs).toMatchObject([{ id: second, sequence: 2, waiting: { reason: 'order' } }]);
    expect(next.body.jobs[0].waiting).toEqual(job.body.waiting);
    expect((await system.jobs.why(second))?.sentence).toBe(job.body.waiting.sentence);
  });

  test('is unknown without jobs, and to the key of another tenant', async () => {
    await send({ conversationId: 'four' });

    expect((await call('/v1/conversations/none')).status).toBe(404);
    expect((await other('/v1/conversations/four')).status).toBe(404);
    expect((await other('/v1/conversations/four?tenant=acme')).status).toBe(404);
  });
});

describe('a timeline', () => {
  test('has what happened, and why the job waits', async () => {
    const id = await send({ conversationId: 'five' });

    const { status, body } = await call(`/v1/jobs/${id}/timeline`);

    expect(status).toBe(200);
    expect(body).toMatchObject({ id, kind: KIND, tenantId: 'acme', events: [{ event: 'accepted' }] });
    expect(body.waiting).toEqual((await call(`/v1/jobs/${id}`)).body.waiting);
    expect((await other(`/v1/jobs/${id}/timeline`)).status).toBe(404);
    expect((await call('/v1/jobs/none/timeline')).status).toBe(404);
  });
});

describe('dead letters', () => {
  test('are grouped with the hint of their code, and a link lists them', async () => {
    const id = await send({ conversationId: 'six' });
    const queue = system.queues.of(KIND, 'acme');
    const ref = {
      kind: KIND,
      tenantId: 'acme',
      jobId: id,
      lane: 'six',
      urgent: false,
      isPart: false,
    } as const;
    await system.flow.conclude(ref, 1, { entry: 'failed {"code":"NOT_FOUND"}', onFailure: 'skip' });
    await system.client.zrem(queue.toKey('delayed'), id);
    await system.client.zadd(queue.toKey('failed'), 1000, id);
    await system.client.hset(queue.toKey(id), { finishedOn: 1000, failedReason: 'NOT_FOUND: no' });

    const { status, body } = await call('/v1/dead-letters');

    expect(status).toBe(200);
    const at = new Date(1000).toISOString();
    expect(body).toMatchObject({
      tenantId: 'acme',
      groups: [{ code: 'NOT_FOUND', title: 'Not found', count: 1, oldestAt: at, newestAt: at }],
      isPartial: false,
      cursor: null,
    });
    const [{ hint, links }] = body.groups;
    expect(hint).toContain('does not exist');
    expect((await call(links.jobs)).body.jobs).toMatchObject([{ id, state: 'failed' }]);
    expect((await other('/v1/dead-letters')).body.groups).toEqual([]);
    expect((await other('/v1/dead-letters?tenant=acme')).status).toBe(404);
    expect((await call('/v1/jobs?code=NO_SUCH_CODE')).status).toBe(400);
  });
});
