import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { openSeal } from '../../../src/seal/open-seal.ts';
import { CLEAR, createSeal, type Place } from '../../../src/seal/seal.ts';

const [one, two] = ['one', 'two'].map((id, index) => ({ id, bytes: new Uint8Array(32).fill(index + 1) })) as [
  { id: string; bytes: Uint8Array },
  { id: string; bytes: Uint8Array },
];
const PLACE: Place = { what: 'data', tenantId: 'acme', id: 'j1' };
const anyText = fc.string({ unit: 'binary' }).map((text) => text.toWellFormed());

describe('a sealed value', () => {
  test('opens in its own place only', () => {
    const seal = createSeal([one]);
    fc.assert(
      fc.property(anyText, (text) => {
        const sealed = seal.close(text, PLACE);
        expect(seal.open(sealed, PLACE)).toBe(text);
        for (const other of [{ what: 'result' as const }, { tenantId: 'globex' }, { id: 'j2' }]) {
          expect(() => seal.open(sealed, { ...PLACE, ...other })).toThrow(/does not open/);
        }
        const moved = sealed.replace(':acme:', ':globex:');
        expect(() => seal.open(moved, { what: 'data', id: 'j1' })).toThrow(/does not open/);
      }),
    );
  });

  test('does not open after a change of any byte, and is no other value than before', () => {
    const seal = createSeal([one]);
    const sealed = seal.close('text', PLACE);
    const start = sealed.lastIndexOf(':') + 1;
    for (let at = start; at < sealed.length - 1; at++) {
      const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`;
      expect(() => seal.open(changed, PLACE)).toThrow(/does not open/);
    }
    expect(seal.close('text', PLACE)).not.toBe(sealed);
  });

  test('opens with an old key, and the first key seals', () => {
    const old = createSeal([one]).close('text', PLACE);
    const rotated = createSeal([two, one]);

    expect(rotated.open(old, PLACE)).toBe('text');
    expect(rotated.close('text', PLACE)).toMatch(/^gwm1:two:acme:/);
  });

  test('without its key is an error that names the key', () => {
    const sealed = createSeal([one]).close('text', PLACE);

    expect(() => createSeal([two]).open(sealed, PLACE)).toThrow('this process has no payload key one');
    expect(() => CLEAR.open(sealed, PLACE)).toThrow('this process has no payload key one');
  });
});

test('without keys values and names stay as they are', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(CLEAR.close(text, PLACE)).toBe(text);
      expect(CLEAR.nameOf('acme', text)).toBe(text);
      expect(createSeal([one]).open(text, PLACE)).toBe(text);
    }),
  );
});

test('a name in a key is the same with every payload key, and differs by tenant and installation', () => {
  const [before, after] = [createSeal([one]), createSeal([two, one])];
  expect(() => before.nameOf('acme', 'conv-1')).toThrow(/not claimed/);
  before.useNames('secret');
  after.useNames('secret');
  const name = before.nameOf('acme', 'conv-1');

  expect(after.nameOf('acme', 'conv-1')).toBe(name);
  expect(before.nameOf('globex', 'conv-1')).not.toBe(name);
  after.useNames('another secret');
  expect(after.nameOf('acme', 'conv-1')).not.toBe(name);
});

describe('PAYLOAD_KEYS', () => {
  const hex = 'ab'.repeat(32);

  test('takes keys from variables as hex and base64', () => {
    const environment = { A: hex, B: Buffer.from(hex, 'hex').toString('base64') };
    const config = loadConfig({ PAYLOAD_KEYS: 'new=env:A, old=env:B' });

    const { keys } = openSeal(config, environment);

    expect(keys.map(({ id }) => id)).toEqual(['new', 'old']);
    expect(keys[0]?.bytes).toEqual(keys[1]?.bytes);
  });

  test('that cannot be read names each key, and never the value', () => {
    const config = loadConfig({ PAYLOAD_KEYS: 'a=env:SHORT,b=env:NONE,c=file:/nowhere/key' });

    expect(() => openSeal(config, { SHORT: 'jkqxz' })).toThrow(
      /^PAYLOAD_KEYS: key a: wanted 32 random bytes.*\nPAYLOAD_KEYS: key b: the environment variable NONE is missing or empty\nPAYLOAD_KEYS: key c: the file \/nowhere\/key is missing or empty$/,
    );
  });

  test.for([
    ['k1=env:A,k1=env:B', 'wanted another name for each key, got two keys with the name k1'],
    [Array.from({ length: 21 }, (_, n) => `k${n}=env:A`).join(','), 'wanted at most 20 keys, got 21 keys'],
  ] as const)('is refused as %s, with the reason', ([text, reason]) => {
    for (const name of ['PAYLOAD_KEYS', 'AUDIT_KEYS'])
      expect(() => loadConfig({ [name]: text })).toThrow(`  ${name}: ${reason}`);
  });

  test('that is a folder is named as one', () => {
    const config = loadConfig({ PAYLOAD_KEYS: `a=file:${tmpdir()}` });

    expect(() => openSeal(config, {})).toThrow(
      `PAYLOAD_KEYS: key a: the file ${tmpdir()} is a folder; wanted a file with the secret`,
    );
  });

  test.for(['k1', hex, 'k1=env:', 'k 1=env:A', 'k1=http://a'])(
    'is refused as %s, without the value',
    (text) => {
      expect(() => loadConfig({ PAYLOAD_KEYS: text })).toThrow(
        /PAYLOAD_KEYS: wanted entries such as .* \(not shown\)/,
      );
    },
  );
});
