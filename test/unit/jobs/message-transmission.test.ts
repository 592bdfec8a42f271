import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { utf8Bytes } from '../../../src/content/message/text.ts';
import { createContentPolicy } from '../../../src/content/policy/policy.ts';
import { messageTransmission } from '../../../src/jobs/message-transmission.ts';
import { accepted, attachmentOf, html, issuesOf, messageOf, plain } from './messages.ts';

describe('a message', () => {
  test('from the sample is accepted, with defaults', () => {
    expect(accepted(messageOf())).toEqual({
      ...messageOf(),
      attachments: [],
      readReceipt: true,
      split: false,
    });
  });

  test('may have every field', () => {
    const full = messageOf({
      body: html('<b>Hello</b>'),
      attachments: [attachmentOf()],
      readReceipt: false,
      split: false,
      idempotencyKey: 'order-42',
      callback: { url: 'https://events.example.com/hook', events: ['failed'] },
      priority: 'urgent',
      expiresAt: '2026-03-01T09:30:00+01:00',
    });
    expect(accepted(full)).toEqual(full);
  });

  test('of the example is valid, for all 3,080', () => {
    const file = readFileSync(new URL('../../../examples/messages.ndjson', import.meta.url), 'utf8');
    const inputs = file
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(inputs).toHaveLength(3080);
    expect(inputs.filter((input) => issuesOf(input).length > 0)).toEqual([]);
  });

  test('has its conversation as its lane', () => {
    expect(messageTransmission.lane(accepted(messageOf()))).toBe('conv-def-456');
  });

  test('is not changed by the check', () => {
    const input = messageOf({ attachments: [attachmentOf()] });
    const before = structuredClone(input);
    accepted(input);
    expect(input).toEqual(before);
  });
});

describe('the text', () => {
  const TOO_LONG =
    'body.content: expected at most 4096 bytes of UTF-8, got 4097; set split to send it as several messages';

  test.for([
    { name: 'letters of one byte', content: 'a'.repeat(4096) },
    { name: 'letters of two', content: 'é'.repeat(2048) },
    { name: 'letters of three and one', content: `${'€'.repeat(1365)}a` },
    { name: 'emoji of four', content: '😀'.repeat(1024) },
  ])('has at most 4,096 bytes: $name', ({ content }) => {
    expect(utf8Bytes(content)).toBe(4096);
    expect(issuesOf(messageOf({ body: plain(content) }))).toEqual([]);
    expect(issuesOf(messageOf({ body: html(content) }))).toEqual([]);
    expect(issuesOf(messageOf({ body: plain(`${content}a`) }))).toEqual([TOO_LONG]);
    expect(issuesOf(messageOf({ body: html(`${content}a`) }))).toEqual([TOO_LONG]);
  });

  test('has at most 64 KiB with split', () => {
    const split = true;
    expect(issuesOf(messageOf({ split, body: plain('a'.repeat(65_536)) }))).toEqual([]);
    expect(issuesOf(messageOf({ split, body: plain('a'.repeat(65_537)) }))).toEqual([
      'body.content: expected at most 65536 bytes of UTF-8, got 65537',
    ]);
  });

  test('may not be split as HTML, at any length', () => {
    const issue = 'split: expected false for text/html: its tags would be torn';
    expect(issuesOf(messageOf({ split: true, body: html('<b>Hello</b>') }))).toEqual([issue]);
  });

  test('is plain or HTML', () => {
    for (const contentType of ['text/markdown', 'TEXT/PLAIN', 'text/html; charset=utf-8', '', null]) {
      const body = { contentType, content: 'Hello' };
      expect(issuesOf(messageOf({ body }))).toEqual([
        expect.stringMatching(/^body.contentType: expected one of "text\/plain"\|"text\/html"/),
      ]);
    }
  });

  test('may be blank only with an attachment', () => {
    for (const content of ['', '   ', '\r\n\t\u00a0']) {
      const body = plain(content);
      expect(issuesOf(messageOf({ body }))).toEqual([
        'body.content: expected a text that is not blank, or an attachment',
      ]);
      expect(issuesOf(messageOf({ body, attachments: [attachmentOf()] }))).toEqual([]);
    }
  });

  test('is checked against the default blocked patterns and those of its tenant', () => {
    const own = createContentPolicy(['\\bcoupon-[0-9]{6}\\b']);
    const body = plain('use coupon-123456');
    expect(issuesOf(messageOf({ body }))).toEqual([]);
    expect(issuesOf(messageOf({ body }), own)).toEqual([
      'body.content: blocked by the pattern "\\\\bcoupon-[0-9]{6}\\\\b"',
    ]);
    expect(issuesOf(messageOf({ body: plain('MALWARE.EXE') }), own)).toEqual([
      'body.content: blocked by the pattern "malware\\\\.exe"',
    ]);
  });

  test('is checked against the patterns for HTML only as HTML', () => {
    const content = '<b onclick=alert(1)>x</b>';
    expect(issuesOf(messageOf({ body: plain(content) }))).toEqual([]);
    expect(issuesOf(messageOf({ body: html(content) }))).toEqual([
      expect.stringMatching(/^body.content: not allowed in HTML: the attribute onclick/),
    ]);
  });
});

describe('an attachment', () => {
  const issuesWith = (fields: Record<string, unknown>) =>
    issuesOf(messageOf({ attachments: [attachmentOf(fields)] }));

  test.for(['image/png', 'image/jpeg', 'application/pdf', 'text/plain'])('may be %s', (contentType) => {
    expect(issuesWith({ contentType, fileName: 'receipt' })).toEqual([]);
  });

  test.for(['image/gif', 'text/html', 'image/svg+xml', 'IMAGE/PNG', 'image/png; q=1', '', 7])(
    'may not be %s',
    (contentType) => {
      expect(issuesWith({ contentType })).toEqual([
        expect.stringMatching(/^attachments\[0\].contentType: expected one of "image\/png"/),
      ]);
    },
  );

  test('has at most 25 MiB', () => {
    expect(issuesWith({ sizeBytes: 26_214_400 })).toEqual([]);
    expect(issuesWith({ sizeBytes: 26_214_401 })).toEqual([
      expect.stringMatching(/^attachments\[0\].sizeBytes: .*26214400.* got a number$/),
    ]);
  });

  test.for([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '1024', null])(
    'may not have the size %s',
    (sizeBytes) => {
      expect(issuesWith({ sizeBytes })).toEqual([expect.stringMatching(/^attachments\[0\].sizeBytes: /)]);
    },
  );

  test('has a file name of 1 to 255 characters', () => {
    expect(issuesWith({ fileName: 'ä'.repeat(255) })).toEqual([]);
    expect(issuesWith({ fileName: 'ä'.repeat(256) })).toHaveLength(1);
    expect(issuesWith({ fileName: '' })).not.toEqual([]);
  });

  test.for(['../secret', 'a/b.png', 'a\\b.png', 'a\0.png', 'a\nb.png', 'gpj.\u202etxt'])(
    'may not have the file name %j',
    (fileName) => {
      expect(issuesWith({ fileName })).toEqual([expect.stringMatching(/^attachments\[0\].fileName: /)]);
    },
  );

  test('may have no markup in its name and its address, which readers see', () => {
    const url = 'https://evil.test/"onmouseover="alert(1)"x="';
    const fileName = '"><img src=x onerror=alert(1)>.png';
    expect(issuesWith({ url, fileName })).toEqual([
      expect.stringMatching(/^attachments\[0\].url: expected an address without .*quotes/),
      expect.stringMatching(/^attachments\[0\].fileName: expected a file name without .*brackets/),
    ]);
    expect(issuesWith({ url: 'https://a.test/x', fileName: 'malware.exe' })).toHaveLength(1);
  });

  test('is one of at most ten', () => {
    const attachments = (length: number) => Array.from({ length }, () => attachmentOf());
    expect(issuesOf(messageOf({ attachments: attachments(10) }))).toEqual([]);
    expect(issuesOf(messageOf({ attachments: attachments(11) }))).toEqual([
      expect.stringMatching(/^attachments: .*10 items, got a list of 11$/),
    ]);
  });
});

describe('an address of an attachment or a callback', () => {
  const issuesOfUrl = (url: unknown) =>
    issuesOf(messageOf({ attachments: [attachmentOf({ url })], callback: { url } }));

  test.for([
    'https://files.example.com/a.png?signature=abc#page',
    'http://127.0.0.1:8080/a.png',
    'https://[::1]/a.png',
    'https://bücher.example/ä.png',
  ])('may be %s', (url) => {
    expect(issuesOfUrl(url)).toEqual([]);
  });

  test.for([
    'ftp://files.example.com/a.png',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/plain,x',
    '//files.example.com/a.png',
    '/a.png',
    'files.example.com/a.png',
    'https://',
    'https://user:password@files.example.com/a.png',
    'https://user@files.example.com/a.png',
    'https://:password@files.example.com/a.png',
    '',
    7,
    null,
  ])('may not be %s', (url) => {
    expect(issuesOfUrl(url)).toEqual([
      expect.stringMatching(/^attachments\[0\].url: /),
      expect.stringMatching(/^callback.url: /),
    ]);
  });

  test('has at most 2,048 characters', () => {
    const start = 'https://example.com/';
    expect(issuesOfUrl(start + 'a'.repeat(2048 - start.length))).toEqual([]);
    expect(issuesOfUrl(start + 'a'.repeat(2049 - start.length))).toHaveLength(2);
  });
});
