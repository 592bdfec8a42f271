import { describe, expect, test } from 'vitest';
import { message, openSystem } from '../../support/system.ts';
import { callerOf } from './calls.ts';
import { openServer } from './stage.ts';

async function stage() {
  const system = await openSystem({ tenants: ['acme', 'globex'] });
  const server = await openServer(system);
  const call = callerOf(server.url, await server.keys.make({ tenants: ['acme'] }));
  const send = async (fields: object = {}) =>
    (await call('/v1/messages', { body: { ...message(), ...fields } })).body.id as string;
  return { system, call, send, ...server };
}

function idsOf({ jobs }: { jobs: { id: string }[] }): string[] {
  return jobs.map(({ id }) => id);
}

describe('why a job waits', () => {
  test('is one word and one sentence', async () => {
    const { call, send } = await stage();
    const first = await send({ conversationId: 'one' });
    const second = await send({ conversationId: 'one' });

    const { waiting } = (await call(`/v1/jobs/${second}`)).body;

    expect(waiting).toMatchObject({ reason: 'order', behind: { sequence: 1, jobId: first } });
    expect(waiting.sentence).toContain(first);
  });
});

describe('a list of jobs', () => {
  test('goes page by page, through all jobs of the tenant', async () => {
    const { call, send } = await stage();
    const sent: string[] = [];
    for (let n = 0; n < 5; n++) sent.push(await send());

    const seen: string[] = [];
    let next: string | null = '/v1/jobs?limit=2&order=oldest';
    while (next !== null) {
      const { status, body } = await call(next);
      expect(status).toBe(200);
      seen.push(...idsOf(body));
      next = body.next;
    }

    expect(seen).toEqual(sent);
  });

  test('is filtered by conversation, kind and state', async () => {
    const { call, send } = await stage();
    const [one] = [await send({ conversationId: 'one' }), await send({ conversationId: 'two' })];

    const ofOne = await call('/v1/jobs?conversation=one');
    const cards = await call('/v1/jobs?kind=card-delivery');
    const failed = await call('/v1/jobs?state=failed');

    expect([ofOne, cards, failed].map(({ body }) => idsOf(body))).toEqual([[one], [], []]);
  });

  test('has no job of another tenant', async () => {
    const { call, send, url, keys } = await stage();
    await send();
    const other = callerOf(url, await keys.make({ tenants: ['globex'] }));

    expect(idsOf((await other('/v1/jobs')).body)).toEqual([]);
    expect((await other('/v1/jobs?tenant=acme')).status).toBe(404);
    expect((await other('/v1/jobs?tenant=nowhere')).status).toBe(404);
    const { cursor } = (await call('/v1/jobs?limit=1')).body;
    if (cursor !== null) expect(idsOf((await other(`/v1/jobs?cursor=${cursor}`)).body)).toEqual([]);
  });

  test.for([
    ['limit', 'limit=0'],
    ['limit', 'limit=2000'],
    ['state', 'state=lost'],
    ['kind', 'kind=webhook-delivery'],
    ['from', 'from=yesterday'],
    ['cursor', 'cursor=abc'],
    ['page', 'page=2'],
  ] as const)('refuses a wrong %s: %s', async ([parameter, query]) => {
    const { call } = await stage();

    const { status, body } = await call(`/v1/jobs?${query}`);

    expect([status, body.code]).toEqual([400, 'PARAMETERS_INVALID']);
    expect(body.errors).toEqual([{ parameter, detail: expect.any(String) }]);
  });

  test('needs a tenant when the key has several', async () => {
    const { url, keys } = await stage();

    const { status, body } = await callerOf(url, await keys.make())('/v1/jobs');

    expect([status, body.errors[0].parameter]).toEqual([400, 'tenant']);
  });
});

describe('an act on many jobs', () => {
  test('counts in a dry run, and then cancels', async () => {
    const { call, send, acts } = await stage();
    for (let n = 0; n < 3; n++) await send({ conversationId: `c-${n}` });

    const dry = linesOf((await call('/v1/jobs/cancel', { body: { dryRun: true } })).body);
    const before = acts.length;
    const wet = linesOf((await call('/v1/jobs/cancel', { body: {} })).body);

    expect(dry.at(-1)).toEqual({ summary: { seen: 3, matched: 3, done: 3, dryRun: true } });
    expect(before).toBe(0);
    expect(wet.at(-1)).toEqual({ summary: { seen: 3, matched: 3, done: 3, dryRun: false } });
    expect(acts).toMatchObject([
      { action: 'jobs.cancelled', status: 'begun', subject: 'acme' },
      { action: 'jobs.cancelled', status: 'done', subject: 'acme', tenants: ['acme'], details: { count: 3 } },
    ]);
  });

  test('retries no job that is no dead letter', async () => {
    const { call, send, acts } = await stage();
    await send();

    const lines = linesOf((await call('/v1/jobs/retry', { body: {} })).body);

    expect(lines.at(-1)).toMatchObject({ summary: { done: 0 } });
    expect(acts.at(-1)).toMatchObject({ status: 'nothing', details: { count: 0 } });
  });

  test('retries dead letters alone, and refuses another state', async () => {
    const { call } = await stage();

    const failed = await call('/v1/jobs/retry', { body: { state: 'failed' } });
    const completed = await call('/v1/jobs/retry', { body: { state: 'completed' } });

    expect(failed.status).toBe(200);
    expect([completed.status, completed.body.errors]).toEqual([
      422,
      [{ pointer: '#/state', detail: expect.stringContaining('failed') }],
    ]);
  });

  test('knows no tenant of another key', async () => {
    const { call } = await stage();

    expect((await call('/v1/jobs/cancel', { body: { tenant: 'globex' } })).status).toBe(404);
    expect((await call('/v1/jobs/retry', { body: { tenant: 'globex' } })).status).toBe(404);
  });
});

function linesOf(text: string | object): object[] {
  if (typeof text !== 'string') return [text];
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
