import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attachmentOf, html, issuesOf, messageOf, plain } from './messages.ts';

const BLOCKED = 'malware.exe';

describe('all issues are reported together, with their paths,', () => {
  test('of an empty input', () => {
    expect(issuesOf({})).toEqual([
      'tenantId: expected string, but it is missing',
      'guestId: expected string, but it is missing',
      'conversationId: expected string, but it is missing',
      'body: expected object, but it is missing',
    ]);
  });

  test('of an input with every field wrong', () => {
    const paths = issuesOf({
      tenantId: 'a:b',
      guestId: 'has space',
      conversationId: '',
      body: { contentType: 'text/xml', content: BLOCKED, extra: 1 },
      attachments: [
        attachmentOf(),
        { contentType: 'image/gif', url: 'ftp://x', fileName: 'a/b', sizeBytes: 0, more: 1 },
      ],
      readReceipt: 'yes',
      split: 'no',
      idempotencyKey: ' ',
      callback: { url: 'x', events: ['sent'] },
      priority: 'high',
      expiresAt: 'tomorrow',
      unknown: true,
    }).map((issue) => issue.split(': ')[0]);

    expect(paths.toSorted()).toEqual(
      [
        ...['tenantId', 'guestId', 'conversationId', 'body', 'body.contentType', 'body.content'],
        ...['contentType', 'url', 'fileName', 'sizeBytes'].map((field) => `attachments[1].${field}`),
        'attachments[1]',
        ...['readReceipt', 'split', 'idempotencyKey', 'callback.url', 'callback.events[0]'],
        ...['priority', 'expiresAt', 'unknown field "unknown"'],
      ].toSorted(),
    );
  });

  test.for(['tenantId', 'guestId', 'conversationId'])('blocked text beside a missing %s', (field) => {
    const input = messageOf({ body: plain(BLOCKED) });
    delete input[field];
    expect(issuesOf(input)).toEqual([
      `${field}: expected string, but it is missing`,
      'body.content: blocked by the pattern "malware\\\\.exe"',
    ]);
  });

  test('blocked text beside a missing content type', () => {
    expect(issuesOf(messageOf({ body: { content: BLOCKED } }))).toEqual([
      expect.stringMatching(/^body.contentType: /),
      'body.content: blocked by the pattern "malware\\\\.exe"',
    ]);
  });

  test('a text that is too long, or blank, beside a wrong attachment', () => {
    const attachments = [attachmentOf({ sizeBytes: 0 })];
    expect(issuesOf(messageOf({ body: plain('a'.repeat(4097)), attachments }))).toEqual([
      expect.stringMatching(/^attachments\[0\].sizeBytes: /),
      expect.stringMatching(/^body.content: expected at most 4096 bytes/),
    ]);
    expect(issuesOf(messageOf({ body: plain(' '), attachments: 'none' }))).toEqual([
      'attachments: expected array, received string',
      'body.content: expected a text that is not blank, or an attachment',
    ]);
  });

  test('blocked HTML beside the request to split it', () => {
    expect(issuesOf(messageOf({ split: true, body: html(BLOCKED) }))).toEqual([
      expect.stringMatching(/^split: /),
      expect.stringMatching(/^body.content: blocked/),
    ]);
  });

  test('of an unknown field at any place', () => {
    const input = messageOf({
      body: { ...plain('Hello'), lang: 'en' },
      attachments: [attachmentOf({ size: 1 })],
      callback: { url: 'https://example.com', secret: 'x' },
      guest: 'x',
    });
    expect(issuesOf(input).toSorted()).toEqual([
      'attachments[0]: unknown field "size"',
      'body: unknown field "lang"',
      'callback: unknown field "secret"',
      'unknown field "guest"',
    ]);
  });
});

describe('an issue', () => {
  const canary = fc.stringMatching(/^[jkqxz]{8,12}$/);

  /** Valid and invalid values for any field, each with the canary in it. */
  const carriers = canary.chain((secret) => {
    const value = fc.constantFrom<unknown>(
      secret,
      `${secret} with white space`,
      secret.repeat(40),
      secret.repeat(2000),
      `${secret} <script>${secret}</script> ${BLOCKED}`,
      `<img src="${secret}" onerror=${secret}>`,
      `https://${secret}:${secret}@example.com/`,
      `ftp://${secret}.example/${secret}`,
      `https://${secret}.example/${secret}`,
      [secret],
      { field: secret },
      [[{ field: [secret] }]],
    );
    return fc.record({
      secret: fc.constant(secret),
      input: fc.record(
        {
          tenantId: value,
          guestId: value,
          conversationId: value,
          body: fc.oneof(
            value,
            fc.record({
              contentType: fc.oneof(fc.constantFrom('text/plain', 'text/html'), value),
              content: value,
            }),
          ),
          attachments: fc.oneof(
            value,
            fc.array(fc.record({ contentType: value, url: value, fileName: value, sizeBytes: value }), {
              maxLength: 12,
            }),
          ),
          readReceipt: value,
          split: fc.oneof(fc.boolean(), value),
          idempotencyKey: value,
          callback: fc.oneof(value, fc.record({ url: value, events: fc.oneof(value, fc.array(value)) })),
          priority: value,
          expiresAt: value,
          unknown: value,
        },
        { requiredKeys: [] },
      ),
    });
  });

  test('never quotes a value of the input', () => {
    fc.assert(
      fc.property(carriers, ({ secret, input }) => {
        expect(issuesOf(input).join('\n')).not.toContain(secret);
      }),
      { numRuns: 1000 },
    );
  });

  test('never quotes a card number that is a number', () => {
    const number = 4_111_111_111_111_111;
    const input = messageOf({ guestId: number, idempotencyKey: number, body: plain(number) });
    const issues = issuesOf(input);
    expect(issues).toHaveLength(3);
    expect(issues.join()).not.toContain(String(number));
  });
});
