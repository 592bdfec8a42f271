import type { Random } from './random.ts';

/**
 * Stands in every value that the fuzzer sends. No error and no log may have it: errors quote no value
 * of a caller. It is no word of this project.
 */
export const CANARY = 'zqCanary7';

/** Texts that break what expects plain ones. */
const ODD_TEXTS: readonly string[] = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\udfff\ud800',
  '\u202e',
  '\ufeff',
  '🛰️'.repeat(50),
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  '%00',
  '{{7*7}}',
  "'; FLUSHALL --",
  '<script>alert(1)</script>',
  'javascript:alert(1)',
  '\r\nset-cookie: a=b',
  'é'.normalize('NFD'),
  '9'.repeat(400),
  'a'.repeat(70_000),
];

const ODD_NUMBERS: readonly number[] = [
  0,
  -0,
  -1,
  1.5,
  1e308,
  -1e308,
  5e-324,
  2 ** 31,
  2 ** 53,
  2 ** 63,
  1e21,
];

/** A text with the canary. It is odd at times. */
export function oddText(random: Random): string {
  const text = random.chance(0.7)
    ? random.pick(ODD_TEXTS)
    : random.bytes(random.below(40)).toString('latin1');
  return random.chance(0.5) ? `${CANARY}${text}` : `${text}${CANARY}`;
}

/** Any value of JSON. */
export function oddValue(random: Random, depth = 0): unknown {
  const which = random.below(depth > 3 ? 6 : 10);
  if (which < 2) return oddText(random);
  if (which === 2) return random.pick(ODD_NUMBERS);
  if (which === 3) return random.chance(0.5);
  if (which === 4) return null;
  if (which === 5) return random.pick([[], {}]);
  if (which < 8) return Array.from({ length: random.below(5) }, () => oddValue(random, depth + 1));
  const names = Array.from({ length: random.below(5) }, () => random.pick(ODD_NAMES));
  return Object.fromEntries(names.map((name) => [name, oddValue(random, depth + 1)]));
}

const ODD_NAMES: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'toJSON',
  'then',
  'length',
  '',
  'a.b',
  'a[0]',
  '\u0000',
  '\ud800',
  'x'.repeat(5000),
  'kind',
  'tenantId',
  'idempotencyKey',
];

/**
 * A value like `sample` with one or more changes: other values, missing and further fields. Texts
 * that stay may get the canary.
 */
export function mutated(sample: unknown, random: Random, rate = 0.15): unknown {
  if (random.chance(rate)) return oddValue(random);
  if (typeof sample === 'string') return random.chance(0.3) ? `${sample}${CANARY}` : sample;
  if (typeof sample === 'number') return random.chance(0.3) ? random.pick(ODD_NUMBERS) : sample;
  if (Array.isArray(sample)) {
    const items = sample.map((item) => mutated(item, random, rate));
    // Lists within long lists would take all memory.
    const isShort = (JSON.stringify(items[0] ?? '') ?? '').length < 200;
    return isShort && random.chance(0.05) ? Array.from({ length: 2000 }, () => items[0] ?? CANARY) : items;
  }
  if (typeof sample !== 'object' || sample === null) return sample;
  const fields = Object.entries(sample)
    .filter(() => !random.chance(rate / 2))
    .map(([name, value]): [string, unknown] => [name, mutated(value, random, rate)]);
  if (random.chance(rate)) fields.push([random.pick(ODD_NAMES), oddValue(random)]);
  return Object.fromEntries(fields);
}

/** Text that `JSON.stringify` would not write: deep, huge, cut off, with fields twice. */
export function oddJson(sample: unknown, random: Random): string {
  const text = JSON.stringify(sample) ?? 'null';
  const depth = random.pick([40, 1000, 50_000]);
  return random.pick([
    () => '['.repeat(depth) + ']'.repeat(depth),
    () => `${'{"a":'.repeat(depth)}"${CANARY}"${'}'.repeat(depth)}`,
    () => text.slice(0, random.below(text.length + 1)),
    () => `${text}${text}`,
    () => text.replace('{', `{"__proto__":{"tenantId":"${CANARY}","isAdmin":true},`),
    () => text.replace('{', `{"constructor":{"prototype":{"tenantId":"${CANARY}"}},`),
    () => text.replace('{', `{"tenantId":"${CANARY}","tenantId":"${CANARY}2",`),
    () => text.replace(/"[^"]*"(?=[,}])/, '1e400'),
    () => text.replace(/"[^"]*"(?=[,}])/, '9'.repeat(3000)),
    () => text.replace(/"[^"]*"(?=[,}])/, `"${CANARY}\\ud800"`),
    () => `\ufeff${text}`,
    () => `{${Array.from({ length: 5000 }, (_, n) => `"k${n}":"${CANARY}"`).join(',')}}`,
    () => CANARY,
    () => 'NaN',
    () => '',
  ])();
}
