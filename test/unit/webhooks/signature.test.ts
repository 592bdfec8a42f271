import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { CodedError } from '../../../src/core/errors.ts';
import { sign } from '../../../src/webhooks/signature.ts';

function secretOf(bytes: number): string {
  return `whsec_${randomBytes(bytes).toString('base64')}`;
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

describe('a signature', () => {
  test('equals that of the reference implementation', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const seconds = 1_614_265_330;
    const body = '{"test": 2432232314}';
    const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
    expect(sign([secret], id, seconds, body)).toEqual({
      'webhook-id': id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': new Webhook(secret).sign(id, new Date(seconds * 1000), body),
    });
  });

  test('is accepted by the reference implementation, with any secret, id and body', () => {
    const body = fc.jsonValue().map((value) => JSON.stringify({ value }));
    const id = fc.stringMatching(/^[\w-]{1,100}$/);
    fc.assert(
      fc.property(fc.integer({ min: 24, max: 64 }), id, body, (bytes, messageId, text) => {
        const secret = secretOf(bytes);
        const headers = { ...sign([secret], messageId, nowSeconds(), text) };
        expect(new Webhook(secret).verify(text, headers)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('is rejected for another body, id, time or secret', () => {
    const secret = secretOf(32);
    const body = '{"status":"delivered"}';
    const headers = { ...sign([secret], 'wh-1', nowSeconds(), body) };
    const verify = (text: string, changed: Record<string, string> = {}, key = secret) =>
      new Webhook(key).verify(text, { ...headers, ...changed });
    expect(() => verify(body)).not.toThrow();
    expect(() => verify('{"status":"failed"}')).toThrow();
    expect(() => verify(body, { 'webhook-id': 'wh-2' })).toThrow();
    expect(() => verify(body, { 'webhook-timestamp': String(nowSeconds() + 60) })).toThrow();
    expect(() => verify(body, {}, secretOf(32))).toThrow();
  });
});

describe('during a rotation', () => {
  const [fresh, previous] = [secretOf(32), secretOf(32)];
  const body = '{"status":"delivered"}';
  const verifies = (secret: string, headers: Record<string, string>) => {
    try {
      return new Webhook(secret).verify(body, headers) !== undefined;
    } catch {
      return false;
    }
  };

  test('the callback has two signatures, and either secret verifies it', () => {
    const headers = { ...sign([fresh, previous], 'wh-1', nowSeconds(), body) };
    expect(headers['webhook-signature']).toMatch(/^v1,[^ ]+ v1,[^ ]+$/);
    expect([fresh, previous, secretOf(32)].map((secret) => verifies(secret, headers))).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('the previous secret verifies only until the rotation ends', () => {
    const headers = { ...sign([fresh], 'wh-1', nowSeconds(), body) };
    expect([fresh, previous].map((secret) => verifies(secret, headers))).toEqual([true, false]);
  });

  test('a secret of another form is refused in both places', () => {
    for (const secrets of [
      [fresh, 'whsec_x'],
      ['whsec_x', fresh],
    ]) {
      expect(thrownBy(() => sign(secrets, 'wh-1', 1, body))).toMatchObject({
        code: 'WEBHOOK_SECRET_MISSING',
      });
    }
  });
});

describe('a secret', () => {
  test.for([24, 25, 26, 32, 63, 64])('may have %d bytes', (bytes) => {
    expect(() => sign([secretOf(bytes)], 'wh-1', 1, '')).not.toThrow();
  });

  const key = 'jkqxzjkq'.repeat(4);
  test.for([
    ['nothing', ''],
    ['another prefix', `whsk_${key}`],
    ['no prefix', key],
    ['nothing after the prefix', 'whsec_'],
    ['too few bytes', `whsec_${'A'.repeat(28)}`],
    ['too many bytes', `whsec_${'A'.repeat(88)}`],
    ['characters outside base64', `whsec_${key}!`],
    ['base64url', `whsec_${key}-_`],
    ['a line break after it', `whsec_${key}\n`],
    ['white space before it', ` whsec_${key}`],
    ['padding in the middle', `whsec_${key}==${key}`],
  ] as const)('of another form is refused, and not quoted: %s', ([, secret]) => {
    const refusal = thrownBy(() => sign([secret], 'wh-1', 1, 'body'));
    expect(refusal).toBeInstanceOf(CodedError);
    expect(refusal).toMatchObject({ code: 'WEBHOOK_SECRET_MISSING' });
    expect(String(refusal)).not.toContain('jkqxz');
  });
});

function thrownBy(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}
