import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { open, seal } from '../../../src/seal/by-secret.ts';

const anyText = fc.string({ unit: 'binary' }).map((text) => text.toWellFormed());

describe('a sealed text', () => {
  test('opens with the same secret and context', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (text, secret, context) => {
        expect(open(seal(text, secret, context), secret, context)).toBe(text);
      }),
    );
  });

  test('does not open with another secret', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (text, secret, other) => {
        fc.pre(secret !== other);
        expect(open(seal(text, secret, 'acme'), other, 'acme')).toBeUndefined();
      }),
    );
  });

  test('does not open in another context: another tenant, client or host', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (text, context, other) => {
        fc.pre(context !== other);
        expect(open(seal(text, 'secret', context), 'secret', other)).toBeUndefined();
      }),
    );
  });

  test('does not open after a change of any single bit', () => {
    const sealed = Buffer.from(seal('token', 'secret', 'acme'), 'base64');
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(open(changed.toString('base64'), 'secret', 'acme')).toBeUndefined();
    }
  });

  test('does not open if it is cut, or no sealed text', () => {
    const sealed = Buffer.from(seal('token', 'secret', 'acme'), 'base64');
    for (let length = 0; length < sealed.length; length++) {
      expect(open(sealed.subarray(0, length).toString('base64'), 'secret', 'acme')).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect(open(text, 'secret', 'acme')).toBeUndefined();
      }),
    );
  });

  test('is different each time, and does not have the plain text in it', () => {
    const seals = Array.from({ length: 100 }, () => seal('token-token-token', 'secret', 'acme'));
    expect(new Set(seals).size).toBe(100);
    for (const sealed of seals) {
      expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('token');
      expect(sealed).toMatch(/^[A-Za-z0-9+/]+=*$/);
    }
  });
});
