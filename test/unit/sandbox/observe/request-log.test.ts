import { describe, expect, test } from 'vitest';
import { UnreadableBody } from '../../../../src/sandbox/input/body.ts';
import { defaultClients } from '../../../../src/sandbox/login/clients.ts';
import { createRequestLog, shownRequest } from '../../../../src/sandbox/observe/request-log.ts';
import type { Arrival } from '../../../../src/sandbox/requests/arrival.ts';

const arrival: Arrival = {
  operation: 'message.send',
  correlationId: 'c-1',
  headers: { authorization: 'Bearer hush', accept: 'application/json' },
  params: {},
  query: {},
  body: { to: { id: 'conv-1' } },
  requestId: 'job-1',
  sequence: 3,
  conversationId: 'conv-1',
  token: undefined,
  client: defaultClients[0],
};

function logOf(capacity: number, arrivals: Partial<Arrival>[]) {
  const log = createRequestLog(capacity);
  for (const [index, part] of arrivals.entries()) {
    log.add({ atMs: index, status: 200, arrival: { ...arrival, ...part } });
  }
  return (filter: { operation?: string; tenant?: string; limit?: number }) =>
    log.newest({ limit: 100, ...filter }).map((request) => request.arrival.requestId);
}

function named(...requestIds: string[]): Partial<Arrival>[] {
  return requestIds.map((requestId) => ({ requestId }));
}

describe('the log of requests', () => {
  test('shows the newest first, up to the limit', () => {
    const ids = logOf(10, named('a', 'b', 'c'));
    expect(ids({})).toEqual(['c', 'b', 'a']);
    expect(ids({ limit: 2 })).toEqual(['c', 'b']);
  });

  test('holds at most its capacity, and drops the oldest request', () => {
    expect(logOf(3, named('a', 'b', 'c', 'd', 'e'))({})).toEqual(['e', 'd', 'c']);
    expect(logOf(3, named('a', 'b', 'c'))({})).toEqual(['c', 'b', 'a']);
    expect(logOf(3, [])({})).toEqual([]);
  });

  test('filters by operation and tenant before the limit', () => {
    const ids = logOf(10, [
      { requestId: 'a', operation: 'oauth.token' },
      { requestId: 'b', client: defaultClients[1] },
      { requestId: 'c', client: undefined },
    ]);
    expect(ids({ operation: 'oauth.token', limit: 1 })).toEqual(['a']);
    expect(ids({ tenant: 'globex', limit: 1 })).toEqual(['b']);
    expect(ids({ tenant: 'initech' })).toEqual([]);
  });
});

describe('a shown request', () => {
  test('has all its parts except the authorization header', () => {
    expect(shownRequest({ atMs: 0, status: 429, arrival })).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      operation: 'message.send',
      tenant: 'acme',
      status: 429,
      requestId: 'job-1',
      sequence: 3,
      conversationId: 'conv-1',
      headers: { accept: 'application/json' },
      body: { to: { id: 'conv-1' } },
    });
    expect(arrival.headers.authorization).toBe('Bearer hush');
  });

  test('has its form without the secret', () => {
    const body = new URLSearchParams({ client_id: 'acme-client', client_secret: 'hush' });
    expect(shownRequest({ atMs: 0, status: 200, arrival: { ...arrival, body } }).body).toEqual({
      client_id: 'acme-client',
      client_secret: '[removed]',
    });
  });

  test('has null for an absent or unreadable body', () => {
    for (const body of [undefined, new UnreadableBody(413, 'too long')]) {
      expect(shownRequest({ atMs: 0, status: 413, arrival: { ...arrival, body } }).body).toBeNull();
    }
  });
});
