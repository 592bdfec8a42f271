import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { patternIssue } from '../../../../src/content/policy/patterns.ts';
import { createContentPolicy } from '../../../../src/content/policy/policy.ts';
import { expectLinear } from '../../../support/effort.ts';

const policy = createContentPolicy();

const MESSAGES = readFileSync(new URL('../../../../examples/messages.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { body: { content: string } });

/** The documented patterns (docs/guides.md#blocked-texts), under their flags. */
const DOCUMENTED = [/<script[^>]*>.*?<\/script>/is, /malware\.exe/is, /blocked_keyword/is];

describe('the documented patterns', () => {
  test.for([
    '<script>alert(1)</script>',
    '<SCRIPT SRC="https://example.com/x.js"></SCRIPT>',
    'before <script\ntype="text/javascript">\nalert(1)\n</script> behind',
    '<script>',
    'run MalWare.EXE now',
    'a Blocked_Keyword here',
  ])('block %j, in plain text as in HTML', (content) => {
    expect(policy.violation('text/plain', content)).toBeTypeOf('string');
    expect(policy.violation('text/html', content)).toBeTypeOf('string');
  });

  test('block every text that matches, in any case and across lines', () => {
    const piece = fc.constantFrom(
      ...['<script>', '<ScRipt src=x>', '<script\n', '</script>', '</SCRIPT>', '>', '\n', '\r\n', ' '],
      ...['malware.exe', 'MALWARE.exe', 'malware', '.exe', 'blocked_', 'keyword', 'Blocked_Keyword', 'é'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const content = pieces.join('');
        const isBlocked = DOCUMENTED.some((pattern) => pattern.test(content));
        if (isBlocked) expect(policy.violation('text/plain', content)).toBeTypeOf('string');
      }),
      { numRuns: 2000 },
    );
  });

  test('are named in their original form', () => {
    expect(policy.violation('text/plain', 'run malware.exe')).toContain('malware');
  });
});

describe('plain text passes', () => {
  test.for([
    'on sale = 5',
    'javascript is a language',
    'javascript: the good parts',
    'data: plans from 5 €',
    'the scripture says < script >',
    'malware_exe, malwareXexe, blocked keyword',
    '3 < 5 onclick = what?',
    'my form is <form>, my frame is <iframe>',
    '',
  ])('%j', (content) => {
    expect(policy.violation('text/plain', content)).toBeUndefined();
  });

  test('in every one of the 3,080 example messages', () => {
    const blocked = MESSAGES.filter(({ body }) => policy.violation('text/plain', body.content) !== undefined);
    expect(MESSAGES).toHaveLength(3080);
    expect(blocked).toEqual([]);
  });
});

describe("a tenant's own pattern", () => {
  const own = createContentPolicy(['\\bcoupon-[0-9]{6}\\b', 'begin.end']);

  test('blocks in addition to the default ones, and is named', () => {
    expect(own.violation('text/plain', 'use coupon-123456 today')).toContain('coupon-[0-9]{6}');
    expect(own.violation('text/plain', 'use coupon-12345 today')).toBeUndefined();
    expect(own.violation('text/plain', 'malware.exe')).toContain('malware');
  });

  test('ignores case, and its dot matches a line break', () => {
    expect(own.violation('text/plain', 'COUPON-123456')).toBeDefined();
    expect(own.violation('text/plain', 'Begin\nEnd')).toContain('begin.end');
  });

  test('matches HTML as written, with decoded entities, and without invisible characters', () => {
    for (const content of ['coupon-123456', 'cou&#112;on-123456', 'cou\u200bpon-&#x31;23456']) {
      expect(own.violation('text/html', content)).toBeDefined();
    }
    expect(createContentPolicy(['&nbsp;']).violation('text/html', 'a&nbsp;b')).toContain('&nbsp;');
  });

  test('does not apply to other tenants', () => {
    expect(policy.violation('text/plain', 'coupon-123456')).toBeUndefined();
  });
});

describe('a pattern that RE2 does not know', () => {
  test.for([
    { name: 'look-ahead', pattern: '(?=x)y', reason: '(?=' },
    { name: 'negative look-ahead', pattern: 'x(?!y)', reason: '(?!' },
    { name: 'look-behind', pattern: '(?<=x)y', reason: '(?<=' },
    { name: 'back-reference', pattern: '(a)\\1', reason: '\\1' },
    { name: 'open class', pattern: '[a', reason: '[a' },
    { name: 'open group', pattern: '(a', reason: 'missing closing )' },
    { name: 'endless repetition', pattern: 'a{1001}', reason: '{1001}' },
    { name: 'nested endless repetition', pattern: '((a{100}){100}){100}', reason: 'repeat' },
  ])('gives a reason: $name', ({ pattern, reason }) => {
    expect(patternIssue(pattern)).toContain(reason);
    expect(() => createContentPolicy(['ok', pattern])).toThrow(reason);
  });

  test('an accepted pattern gives no reason', () => {
    for (const pattern of ['(a+)+$', '\\bcard\\b', '[0-9]{13,19}', '\\p{L}+', '(?i)x']) {
      expect(patternIssue(pattern)).toBeUndefined();
    }
  });
});

describe('the time for 64 KiB', () => {
  const SIZE = 65_536;

  test.for([
    { pattern: '(a+)+$', textOf: (size: number) => `${'a'.repeat(size - 1)}!` },
    { pattern: '(a|aa)+$', textOf: (size: number) => `${'a'.repeat(size - 1)}!` },
    { pattern: '(.*a){20}x', textOf: (size: number) => 'a'.repeat(size) },
    { pattern: '(x+x+)+y', textOf: (size: number) => 'x'.repeat(size) },
    {
      pattern: '(?:a?){50}a{50}',
      textOf: (size: number) => `${'a'.repeat(49)}${'b'.repeat(size - 49)}`,
    },
    { pattern: '(.*)(.*)(.*)(.*)[^a]$', textOf: (size: number) => 'a'.repeat(size) },
  ])('is short under $pattern', ({ pattern, textOf }) => {
    const own = createContentPolicy([pattern]);
    expectLinear(SIZE, textOf, (text) => own.violation('text/plain', text));
  });

  test.for(['<', '<a ', '&', '&lt;', '\u200b', '< on', '<a ona', '="', '\n'])(
    'is short for HTML that repeats %j',
    (piece) => {
      const textOf = (size: number) => piece.repeat(size / piece.length);
      expectLinear(SIZE, textOf, (text) => policy.violation('text/html', text));
    },
  );

  test('is short under every accepted pattern, also for short texts', () => {
    const pattern = `${'.{0,1000}'.repeat(55)}!`;
    if (patternIssue(pattern) !== undefined) return;
    const own = createContentPolicy([pattern]);
    const textOf = (size: number) => 'a'.repeat(size);
    expectLinear(SIZE / 64, textOf, (text) => own.violation('text/plain', text));
  });
});
