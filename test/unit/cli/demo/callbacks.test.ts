import { beforeEach, describe, expect, test } from 'vitest';
import { type CallbackCounter, createCallbackCounter } from '../../../../src/cli/demo/callbacks.ts';
import { sign } from '../../../../src/webhooks/signature.ts';

const NOW_MS = 1_767_225_600_000;
const SECRETS = new Map([
  ['acme', `whsec_${'A'.repeat(32)}`],
  ['globex', `whsec_${'B'.repeat(32)}`],
]);

let counter: CallbackCounter;

beforeEach(() => {
  counter = createCallbackCounter(SECRETS, () => NOW_MS);
});

/** A callback to the address of acme. */
function take(id: string, body: string | object, { address = 'acme', signedBy = 'acme' } = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = { ...sign([SECRETS.get(signedBy) ?? ''], id, NOW_MS / 1000, text) };
  return counter.take(address, headers, Buffer.from(text));
}

function event({ jobId = 'j1', tenantId = 'acme', type = 'message.delivered' } = {}) {
  return { type, timestamp: '2026-01-01T00:00:00.500Z', data: { tenantId, jobId, status: 'delivered' } };
}

describe('a callback', () => {
  test('counts as verified once for each job', () => {
    expect(take('wh-j1-delivered', event())).toBe('verified');
    expect(take('wh-j2-failed', event({ jobId: 'j2', type: 'message.failed' }))).toBe('verified');
    expect(counter.counts()).toEqual({ verified: 2, failed: 0, duplicates: 0 });
  });

  test('with an earlier id is a duplicate, every time', () => {
    take('wh-j1-delivered', event());
    expect(take('wh-j1-delivered', event())).toBe('duplicates');
    expect(take('wh-j1-delivered', event({ jobId: 'j2' }))).toBe('duplicates');
    expect(counter.counts()).toEqual({ verified: 1, failed: 0, duplicates: 2 });
  });

  test('with another outcome of the same job is a duplicate', () => {
    take('wh-j1-delivered', event());
    expect(take('wh-j1-failed', event({ type: 'message.failed' }))).toBe('duplicates');
  });

  test('fails if another tenant signed it, or its address is unknown', () => {
    expect(take('wh-j1-delivered', event(), { signedBy: 'globex' })).toBe('failed');
    expect(take('wh-j1-delivered', event(), { address: 'initech' })).toBe('failed');
    expect(counter.counts()).toEqual({ verified: 0, failed: 2, duplicates: 0 });
  });

  test('fails when it is about the job of another tenant', () => {
    expect(take('wh-j1-delivered', event({ tenantId: 'globex' }))).toBe('failed');
  });

  test.each([
    '',
    'null',
    '[]',
    '{"type":',
    { type: 'message.delivered' },
    { ...event(), timestamp: 'today' },
    { ...event(), data: { tenantId: 'acme' } },
  ])('fails with a wrong signed body: %j', (body) => {
    expect(take('wh-j1-delivered', body)).toBe('failed');
  });

  test('does not turn a valid one into a duplicate if it failed', () => {
    take('wh-j1-delivered', event(), { signedBy: 'globex' });
    expect(take('wh-j1-delivered', event())).toBe('verified');
  });
});
