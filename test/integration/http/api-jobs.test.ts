import { describe, expect, test } from 'vitest';
import { createClient } from '../../../src/client/client.ts';
import { startWorker } from '../../support/gwm.ts';
import { message, openSystem } from '../../support/system.ts';
import { callerOf } from './calls.ts';
import { openServer } from './stage.ts';

const TENANTS = ['acme', 'globex'];

async function stage() {
  const system = await openSystem({ tenants: TENANTS });
  const server = await openServer(system);
  const call = callerOf(server.url, await server.keys.make({ tenants: ['acme'] }));
  const { id } = (await call('/v1/messages', { body: message() })).body;
  return { system, call, id, ...server };
}

describe('one job', () => {
  test('is shown without its kind, and without its text', async () => {
    const { call, id } = await stage();

    const { status, body } = await call(`/v1/jobs/${id}`);

    expect(status).toBe(200);
    expect(body).toMatchObject({
      id,
      kind: 'message-transmission',
      state: expect.stringMatching(/^(waiting|delayed)$/),
      tenantId: 'acme',
      links: { self: `/v1/jobs/${id}`, events: `/v1/jobs/${id}/events` },
    });
    expect(JSON.stringify(body)).not.toContain(message().body.content);
  });

  test('is cancelled once, and the audit names the key', async () => {
    const { call, id, acts } = await stage();

    const first = await call(`/v1/jobs/${id}`, { method: 'DELETE' });

    expect([first.status, first.body]).toEqual([200, { id, outcome: 'cancelled' }]);
    expect(acts).toEqual([
      {
        by: expect.stringMatching(/^k_/),
        keyName: 'test',
        action: 'job.cancelled',
        status: 'done',
        subject: id,
        tenants: ['acme'],
        details: { kind: 'message-transmission' },
      },
    ]);
  });

  test('that is no dead letter is not retried', async () => {
    const { call, id, acts } = await stage();

    const { status, body } = await call(`/v1/jobs/${id}/retry`, { method: 'POST' });

    expect([status, body.code, body.reason]).toEqual([409, 'JOB_NOT_RETRYABLE', 'not-failed']);
    expect(acts).toMatchObject([
      { action: 'job.retried', status: 'refused', subject: id, details: { reason: 'not-failed' } },
    ]);
  });

  test.for([
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/retry'],
    ['GET', '/events'],
  ] as const)('of another tenant is unknown: %s %s', async ([method, path]) => {
    const { system, id, url, keys } = await stage();
    const other = callerOf(url, await keys.make({ tenants: ['globex'] }));

    const foreign = await other(`/v1/jobs/${id}${path}`, { method });
    const unknown = await other(`/v1/jobs/jabc${path}`, { method });

    expect([foreign.status, foreign.body]).toEqual([404, unknown.body]);
    expect(await system.jobs.get('message-transmission', id)).toBeDefined();
  });

  test.for(['__proto__', 'meta', 'constructor', '%00', 'a:b', '..%2f..', 'x'.repeat(5000)])(
    'with an odd id is not found: %s',
    async (odd) => {
      const { call } = await stage();

      const { status, body } = await call(`/v1/jobs/${odd}`);

      expect([400, 404]).toContain(status);
      expect(body).toHaveProperty('code');
    },
  );
});

describe('the events of a job', () => {
  test('show its state', async () => {
    const { id, url, keys } = await stage();

    const events = await follow(url, await keys.make(), id);

    expect(await events.next()).toMatchObject({ event: 'state', data: { id, attemptsMade: 0 } });
    events.close();
  });

  test('are not sent again to a caller that has the last one', async () => {
    const { id, url, keys } = await stage();
    const secret = await keys.make();
    const first = await follow(url, secret, id);
    const seen = await first.next();
    first.close();

    const second = await follow(url, secret, id, seen.id);

    expect(await second.text(1500)).not.toContain('event: state');
    second.close();
  });

  test('end with the job', async () => {
    const { system, id, url, keys } = await stage();
    const events = await follow(url, await keys.make(), id);
    await startWorker(system);

    for (let last = await events.next(); last.event !== 'ended'; last = await events.next()) {
      expect(last.event).toBe('state');
    }

    expect((await system.jobs.get('message-transmission', id))?.state).toBe('completed');
    expect(await events.isOver()).toBe(true);
    const again = await follow(url, await keys.make(), id);
    expect(await again.next()).toMatchObject({ event: 'ended', data: { id, state: 'completed' } });
  });

  test('end with 204 for a caller that has the end, also when a callback goes on behind it', async () => {
    const { system, id, url, keys } = await stage();
    const { client } = system;
    const queue = system.queues.of('message-transmission', 'acme');
    await client.zadd(queue.toKey('failed'), 1, id);
    await client.hset(queue.toKey(id), { finishedOn: 1, failedReason: 'GENESYS_REFUSED: no' });
    await Promise.all([client.lrem(queue.toKey('wait'), 1, id), client.zrem(queue.toKey('delayed'), id)]);
    const secret = await keys.make();
    const end = await (await follow(url, secret, id)).next();
    expect(end.event).toBe('ended');

    const callbacks = system.queues.of('webhook-delivery', 'acme');
    await callbacks.add('webhook-delivery', { tenantId: 'acme', payload: {} }, { jobId: `wh-${id}-failed` });
    const headers = { 'x-api-key': secret, 'last-event-id': end.id };
    const again = await fetch(`${url}/v1/jobs/${id}/events`, { headers });

    expect([again.status, await again.text()]).toEqual([204, '']);
    const caller = createClient({ baseUrl: url, apiKey: secret });
    for await (const event of caller.jobs.events(id, { lastEventId: end.id })) expect.fail(event.type);
  });

  test('end when the key is revoked', async () => {
    const { id, url, keys } = await stage();
    const secret = await keys.make();
    const events = await follow(url, secret, id);
    await events.next();

    await keys.revoke(secret);

    expect(await events.isOver()).toBe(true);
  });
});

interface Followed {
  next(): Promise<{ event: string; id: string; data: unknown }>;
  /** What comes within a time. */
  text(withinMs: number): Promise<string>;
  isOver(): Promise<boolean>;
  close(): void;
}

async function follow(url: string, secret: string, id: string, lastEventId?: string): Promise<Followed> {
  const controller = new AbortController();
  const response = await fetch(`${url}/v1/jobs/${id}/events`, {
    headers: {
      'x-api-key': secret,
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    },
    signal: controller.signal,
  });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  const read = async () => {
    const { done, value = '' } = (await reader?.read()) ?? { done: true };
    buffer += value;
    return done;
  };
  return {
    async next() {
      for (;;) {
        const found = /event: (.*)\nid: (.*)\ndata: (.*)\n\n/.exec(buffer);
        if (found) {
          buffer = buffer.slice(found.index + found[0].length);
          return { event: found[1] ?? '', id: found[2] ?? '', data: JSON.parse(found[3] ?? '') };
        }
        if (await read()) throw new Error(`The stream ended with ${buffer}`);
      }
    },
    async text(withinMs) {
      await Promise.race([
        (async () => {
          while (!(await read()));
        })().catch(() => {}),
        new Promise((resolve) => setTimeout(resolve, withinMs)),
      ]);
      return buffer;
    },
    async isOver() {
      while (!(await read()));
      return true;
    },
    close: () => controller.abort(),
  };
}
