import { describe, expect, test } from 'vitest';
import { leadsAstray, linkIssue } from '../../../../src/content/text/link.ts';
import { readingOf } from '../../../../src/content/text/reading.ts';

describe('a link may lead to', () => {
  test.for([
    'https://example.com',
    'http://127.0.0.1:8080/a?b=1&c=2#d',
    'HTTPS://EXAMPLE.COM/@user',
    'https://[::1]/a',
    'https://bücher.example/ä',
    'https://example.com/%22%20',
    'mailto:anna@example.com?subject=Order',
    'tel:+49-30-123456',
  ])('%s', (address) => {
    expect(linkIssue(address)).toBeUndefined();
  });
});

describe('a link may not be', () => {
  test.for([
    ['', /begins with https:, http:, mailto:, tel:/],
    ['example.com', /begins with/],
    ['/a', /begins with/],
    ['//example.com', /begins with/],
    ['javascript:alert(1)', /begins with/],
    ['feed:https://example.com', /begins with/],
    ['data:text/html,x', /begins with/],
    ['sms:+1', /begins with/],
    ['ｈttps://example.com', /begins with/],
    ['https:example.com', /a host/],
    ['https:/example.com', /a host/],
    ['https:///example.com', /a host/],
    ['https://', /a host/],
    ['https://user:password@example.com', /user name/],
    ['https://user@example.com', /user name/],
    ['https://example.com:99999', /a host/],
    ['https://example.com/a b', /without white space/],
    [' https://example.com', /without white space/],
    ['https://example.com\\@evil.test', /without white space/],
    ['https://example.com/"x', /without white space/],
    ["https://example.com/'x", /without white space/],
    ['https://example.com/<x', /without white space/],
    ['ht\ntps://example.com', /without white space/],
    ['https://exa\u200bmple.com', /without white space/],
    ['https://example.com/\u202etxt.exe', /without white space/],
  ] as const)('%j', ([address, reason]) => {
    expect(linkIssue(address)).toMatch(reason);
    expect(linkIssue(address)).not.toContain('evil.test');
  });

  test('longer than 2,048 characters', () => {
    const start = 'https://example.com/';
    expect(linkIssue(start.padEnd(2048, 'a'))).toBeUndefined();
    expect(linkIssue(start.padEnd(2049, 'a'))).toBe(
      'expected an address of at most 2048 characters, got 2049',
    );
  });
});

describe('the value of a button', () => {
  test.for([
    'track:12345',
    'support',
    'order/4711',
    'intent:book',
    'about:us',
    'file:report',
    'date:2026-01-01',
    'Data: 5 GB',
    'data : none',
    '',
  ])('may be %j', (value) => {
    expect(isAstray(value)).toBe(false);
  });

  test.for([
    ...[
      'javascript:x',
      'vbscript:x',
      'data:x',
      'feed:x',
      'jar:x',
      'blob:x',
      'view-source:x',
      'ms-msdt:x',
      'search-ms:x',
      'file:///x',
    ],
    ...[
      'data: text/html,x',
      'data:\ttext/html,x',
      ' data:x',
      'data:',
      'da\nta:x',
      'data: ,x',
      'data%3Atext/html,x',
    ],
    ...['intent://x', '//evil.test', '\\\\evil.test', '/\\evil.test', '\\/evil.test'],
  ])('may not begin like %j', (value) => {
    expect(isAstray(value)).toBe(true);
  });
});

function isAstray(value: string): boolean {
  const reading = readingOf(value);
  return reading !== undefined && leadsAstray(reading);
}
