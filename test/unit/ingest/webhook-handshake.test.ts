import { describe, expect, test } from 'vitest';
import { handshakeHeaders } from '../../../src/ingest/webhook-handshake.ts';

const LIMITED = { perMinute: 600 };
const asked = (headers: Record<string, string | string[]>, terms: { perMinute: number | null } = LIMITED) =>
  handshakeHeaders(headers as Record<string, string>, terms);

describe('the handshake of a sender', () => {
  test('gets its origin back, and the rate that it may have', () => {
    expect(asked({ 'webhook-request-origin': 'eventemitter.example.com' })).toEqual({
      allow: 'OPTIONS, POST',
      'webhook-allowed-origin': 'eventemitter.example.com',
      'webhook-allowed-rate': '600',
    });
  });

  test.for([
    { requested: '120', perMinute: 600, allowed: '120' },
    { requested: '6000', perMinute: 600, allowed: '600' },
    { requested: '120', perMinute: null, allowed: '*' },
    { requested: '0', perMinute: 600, allowed: '600' },
    { requested: '-5', perMinute: 600, allowed: '600' },
    { requested: '1e9', perMinute: 600, allowed: '600' },
    { requested: '9'.repeat(400), perMinute: 600, allowed: '600' },
  ])('asks for the rate $requested, gets $allowed of $perMinute', ({ requested, perMinute, allowed }) => {
    const headers = { 'webhook-request-origin': 'a.example', 'webhook-request-rate': requested };
    expect(asked(headers, { perMinute })['webhook-allowed-rate']).toBe(allowed);
  });

  test.for([
    '',
    '*',
    'a b',
    'a.example\r\nset-cookie: x',
    'https://a.example',
    'a..example',
    '-a',
    'ä',
    'a'.repeat(254),
    'a, b',
  ])('from %j is no consent', (origin) => {
    expect(asked({ 'webhook-request-origin': origin })).toEqual({ allow: 'OPTIONS, POST' });
  });

  test('without an origin, or with two, is no consent', () => {
    expect(asked({})).toEqual({ allow: 'OPTIONS, POST' });
    expect(asked({ 'webhook-request-origin': ['a', 'b'] })).toEqual({ allow: 'OPTIONS, POST' });
    expect(asked({ 'webhook-request-callback': 'http://169.254.169.254/' })).toEqual({
      allow: 'OPTIONS, POST',
    });
  });
});
