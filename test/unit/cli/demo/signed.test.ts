import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { isSigned } from '../../../../src/cli/demo/signed.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OTHER_SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const NOW_MS = 1_767_225_600_000;

/** The headers of a callback, signed by the reference implementation. */
function headersOf(body: string, { secret = SECRET, id = 'wh-1', atMs = NOW_MS } = {}) {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(atMs / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, new Date(atMs), body),
  };
}

function check(headers: Record<string, string | undefined>, body: string): boolean {
  return isSigned(SECRET, headers, Buffer.from(body), NOW_MS);
}

describe('a request signed by the reference implementation', () => {
  test('is valid for any id and body', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[\w-]{1,100}$/),
        fc.string({ unit: 'grapheme-composite' }),
        (id, body) => {
          expect(check(headersOf(body, { id }), body)).toBe(true);
        },
      ),
    );
  });

  test('is valid with further signatures', () => {
    const { 'webhook-signature': signature, ...headers } = headersOf('{}');
    const { 'webhook-signature': other } = headersOf('{}', { secret: OTHER_SECRET });
    const among = `${other} v1a,${signature.slice(3)} ${signature}`;
    expect(check({ ...headers, 'webhook-signature': among }, '{}')).toBe(true);
  });

  test('is invalid with another body, id or time', () => {
    const headers = headersOf('{"a":1}');
    expect(check(headers, '{"a":2}')).toBe(false);
    expect(check({ ...headers, 'webhook-id': 'wh-2' }, '{"a":1}')).toBe(false);
    expect(check({ ...headers, 'webhook-timestamp': String(NOW_MS / 1000 + 1) }, '{"a":1}')).toBe(false);
  });

  test('is invalid with another secret, or without a header', () => {
    const headers = headersOf('{}');
    expect(check(headersOf('{}', { secret: OTHER_SECRET }), '{}')).toBe(false);
    for (const name of Object.keys(headers))
      expect(check({ ...headers, [name]: undefined }, '{}')).toBe(false);
  });

  test('is invalid with a signature of another version, a cut one, or no signature', () => {
    const { 'webhook-signature': signature, ...headers } = headersOf('{}');
    const asymmetric = signature.replace('v1,', 'v1a,');
    for (const wrong of [asymmetric, signature.slice(0, -6), 'v1,', 'v1', '']) {
      expect(check({ ...headers, 'webhook-signature': wrong }, '{}')).toBe(false);
    }
  });

  test.each([
    [-301, false],
    [-300, true],
    [300, true],
    [301, false],
  ])('at %d s from our clock: %s', (seconds, expected) => {
    expect(check(headersOf('{}', { atMs: NOW_MS + seconds * 1000 }), '{}')).toBe(expected);
  });

  test('is invalid if its time is no number', () => {
    const id = 'wh-1';
    for (const time of ['', 'NaN', '-1', '1e9', `${NOW_MS / 1000}.0`]) {
      const headers = { ...headersOf('{}', { id }), 'webhook-timestamp': time };
      expect(check(headers, '{}')).toBe(false);
    }
  });
});
