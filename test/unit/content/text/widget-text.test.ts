import { describe, expect, test } from 'vitest';
import { createContentPolicy } from '../../../../src/content/policy/policy.ts';
import { hasAtMost, widgetTextIssue } from '../../../../src/content/text/widget-text.ts';

const policy = createContentPolicy(['\\bcoupon-[0-9]{6}\\b']);

describe('a text of a widget may be', () => {
  test.for([
    'Hello, how can we assist you?',
    'Hi there! An agent will be with you shortly.',
    'Fragen? Wir sind von 9 bis 17 Uhr da – täglich.',
    'お問い合わせありがとうございます 😀',
    'Tom & Jerry, 5 < 6, I love you <3',
    'Two\nlines',
    'Two\r\nlines\tand a tab',
    'שלום \u200f123\u200e, ברוכים הבאים',
    'مرحبا \u2067(Acme)\u2069 \u202bنص\u202c \u061c12',
    '👩‍👩‍👧 ❤️ می‌خواهم',
    'Write to Anna <anna@example.com>',
    'See https://example.com/?src=web&style=a&href=https://example.org',
    'Data: 5 GB',
  ])('%s', (text) => {
    expect(widgetTextIssue(text, policy)).toBeUndefined();
  });
});

describe('a text of a widget may not be', () => {
  test.for([
    [' \n\t', /not blank/],
    ['<script>alert(1)</script>', /blocked by the pattern/],
    ['&lt;script&gt;alert(1)', /blocked by the pattern/],
    ['<b>Hello</b>', /without markup/],
    ['&lt;b&gt;Hello', /without markup/],
    ['Hello <!-- there', /without markup/],
    ['Hello <', /without markup/],
    ['Hello &lt;\u200b', /without markup/],
    ['<img src=x onerror=alert(1)>', /blocked by the pattern/],
    ['javascript:alert(1)', /blocked by the pattern/],
    ['Hello\u0000', /control characters/],
    ['Hello\u202eolleh', /changes of direction/],
    ['Hello\u202dolleh\u202c', /changes of direction/],
    ['Hello \u2067left open', /changes of direction/],
    ['Hello \u202bleft open\nto the next line\u202c', /changes of direction/],
    ['Hello \u2067closed otherwise\u202c', /changes of direction/],
    ['Hello\u2069', /changes of direction/],
    ['<a@b onclick=alert(1)>', /blocked by the pattern/],
    ['<a@b title=x>', /without markup/],
    ['malware.exe', /blocked by the pattern/],
    ['blocked_keyword', /blocked by the pattern/],
    ['blocked&#95;keyword', /blocked by the pattern/],
    ['Take coupon-123456 today', /blocked by the pattern/],
  ] as const)('%s', ([text, reason]) => {
    expect(widgetTextIssue(text, policy)).toMatch(reason);
  });
});

test('an emoji counts as one character', () => {
  expect(hasAtMost(3, '😀😀😀')).toBe(true);
  expect(hasAtMost(2, '😀😀😀')).toBe(false);
  expect(hasAtMost(3, 'abcd')).toBe(false);
  expect(hasAtMost(3, 'x'.repeat(2 ** 24))).toBe(false);
});
