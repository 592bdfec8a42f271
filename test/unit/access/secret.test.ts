import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { base62 } from '../../../src/access/base62.ts';
import { keyIdOf, newKeyId, newSecret, type RandomBytes } from '../../../src/access/secret.ts';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const environment = fc.constantFrom('live', 'dev' as const);

/** Random bytes that a seed decides. */
function randomFrom(seed: number): RandomBytes {
  let calls = 0;
  return (size) => createHash('sha512').update(`${seed}:${calls++}`).digest().subarray(0, size);
}

const issued = fc.record({ environment, seed: fc.nat() }).map(({ environment, seed }) => {
  const random = randomFrom(seed);
  const id = newKeyId(random);
  return { id, secret: newSecret(environment, id, random) };
});

describe('base 62', () => {
  test('keeps the number', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 32 }), (bytes) => {
        const number = [...base62(bytes, 43)].reduce(
          (sum, digit) => sum * 62n + BigInt(DIGITS.indexOf(digit)),
          0n,
        );
        expect(number).toBe(BigInt(`0x${Buffer.from(bytes).toString('hex')}`));
      }),
    );
  });

  test('holds the largest number of the lengths that secrets have, and refuses one that does not fit', () => {
    const largest = (size: number) => new Uint8Array(size).fill(255);
    expect(base62(largest(32), 43)).toHaveLength(43);
    expect(base62(largest(8), 11)).toHaveLength(11);
    expect(base62(largest(4), 6)).toBe('4gfFC3');
    expect(base62(new Uint8Array(4), 6)).toBe('000000');
    expect(() => base62(largest(32), 42)).toThrow(RangeError);
  });
});

describe('a secret', () => {
  test('has the documented form, names its key and has its check sum', () => {
    fc.assert(
      fc.property(issued, ({ id, secret }) => {
        expect(secret).toMatch(/^gwm_(live|dev)_[0-9A-Za-z]{60}$/);
        expect(id).toBe(`k_${secret.replace(/^gwm_[a-z]+_/, '').slice(0, 11)}`);
        const bytes = Buffer.alloc(4);
        bytes.writeUInt32BE(crc32(secret.slice(0, -6)));
        expect(secret.slice(-6)).toBe(base62(bytes, 6));
        expect(keyIdOf(secret)).toBe(id);
      }),
    );
  });

  test('with one wrong character is no secret', () => {
    fc.assert(
      fc.property(issued, fc.nat({ max: 68 }), fc.constantFrom(...DIGITS), ({ secret }, at, digit) => {
        const place = at % secret.length;
        fc.pre(secret[place] !== digit);
        expect(keyIdOf(secret.slice(0, place) + digit + secret.slice(place + 1))).toBeUndefined();
      }),
    );
  });

  test('with two neighbors exchanged is no secret', () => {
    fc.assert(
      fc.property(issued, fc.nat({ max: 66 }), ({ secret }, place) => {
        const [one, other] = [secret[place], secret[place + 1]];
        fc.pre(one !== other);
        expect(keyIdOf(`${secret.slice(0, place)}${other}${one}${secret.slice(place + 2)}`)).toBeUndefined();
      }),
    );
  });

  test('that is cut, longer or surrounded by spaces is no secret', () => {
    fc.assert(
      fc.property(issued, fc.string({ minLength: 1, maxLength: 4 }), ({ secret }, more) => {
        for (const text of [
          secret.slice(1),
          secret.slice(0, -1),
          secret + more,
          more + secret,
          ` ${secret} `,
          `${secret}\n`,
        ]) {
          expect(keyIdOf(text)).toBeUndefined();
        }
      }),
    );
  });

  test('is never read out of any other text', () => {
    fc.assert(fc.property(fc.string(), (text) => keyIdOf(text) === undefined));
    expect(keyIdOf('gwm_live_'.repeat(1_000_000))).toBeUndefined();
  });

  test('differs from every other one', () => {
    const secrets = Array.from({ length: 1000 }, () => newSecret('live', newKeyId(randomBytes), randomBytes));
    expect(new Set(secrets).size).toBe(1000);
  });
});
