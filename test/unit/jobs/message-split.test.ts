import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitText } from '../../../src/content/message/text.ts';
import { messageTransmission } from '../../../src/jobs/message-transmission.ts';
import { accepted, attachmentOf, html, issuesOf, messageOf, plain } from './messages.ts';

function expand(input: unknown) {
  return messageTransmission.expand(accepted(input));
}

const LONG = 'word '.repeat(2000);

describe('a message without split', () => {
  test('stays one unchanged job', () => {
    const message = accepted(messageOf({ attachments: [attachmentOf()] }));
    expect(messageTransmission.expand(message)).toEqual([message]);
  });

  test('stays one job also as HTML', () => {
    expect(expand(messageOf({ body: html('<b>Hello</b>') }))).toHaveLength(1);
  });
});

describe('a message with split', () => {
  test('stays one unchanged job if it fits', () => {
    const input = messageOf({ split: true, body: plain(' Hello '), attachments: [attachmentOf()] });
    expect(expand(input)).toEqual([{ ...accepted(input), split: false }]);
  });

  test('becomes a job per part of its text, in order', () => {
    const parts = expand(messageOf({ split: true, body: plain(LONG) }));
    expect(parts.map(({ body }) => body.content)).toEqual(splitText(LONG));
    expect(parts.length).toBe(3);
  });

  test('has its attachments in the last part, after the text that announces them', () => {
    const attachments = [attachmentOf({ fileName: 'a.png' }), attachmentOf({ fileName: 'b.png' })];
    const parts = expand(messageOf({ split: true, body: plain(LONG), attachments }));
    expect(parts.map((part) => part.attachments)).toEqual([[], [], attachments]);
  });

  test('has all its other fields in each part', () => {
    const rest = {
      readReceipt: false,
      idempotencyKey: 'order-42',
      callback: { url: 'https://example.com/hook' },
      priority: 'urgent',
      expiresAt: '2026-03-01T09:30:00Z',
    };
    for (const part of expand(messageOf({ ...rest, split: true, body: plain(LONG) }))) {
      expect(part).toMatchObject({ ...rest, tenantId: 'acme', guestId: 'guest-abc-123' });
      expect(part).toMatchObject({ conversationId: 'conv-def-456', body: { contentType: 'text/plain' } });
    }
  });

  test('becomes sixteen jobs, or seventeen if words do not fill them', () => {
    expect(expand(messageOf({ split: true, body: plain('a'.repeat(65_536)) }))).toHaveLength(16);
    expect(expand(messageOf({ split: true, body: plain('word '.repeat(13_107)) }))).toHaveLength(17);
  });
});

describe('every part of a split message', () => {
  const word = fc.constantFrom(
    'Hello',
    'übermäßig',
    '漢字',
    '👨‍👩‍👧‍👦',
    'x'.repeat(3000),
    'y'.repeat(5000),
    '€',
  );
  const space = fc.constantFrom('', ' ', '\r\n', '\t', '\u00a0');
  const texts = fc
    .array(fc.tuple(word, space), { minLength: 1, maxLength: 6 })
    .map((pairs) => pairs.flat().join(''));

  test('is valid, and stays one job when it is checked again', () => {
    fc.assert(
      fc.property(texts, fc.boolean(), (content, hasAttachment) => {
        const attachments = hasAttachment ? [attachmentOf()] : [];
        const input = messageOf({ split: true, body: plain(content), attachments });
        fc.pre(issuesOf(input).length === 0);
        for (const part of expand(input)) {
          expect(issuesOf(part)).toEqual([]);
          expect(expand(part)).toEqual([part]);
        }
      }),
    );
  });

  test.for([
    { name: 'a long tail of white space', content: `a${' '.repeat(5000)}` },
    { name: 'a long head of white space', content: `${'\n'.repeat(5000)}a` },
  ])('is valid if the text has $name', ({ content }) => {
    const parts = expand(messageOf({ split: true, body: plain(content) }));
    expect(parts.map(({ body }) => body.content.trim())).toEqual(['a']);
    expect(parts.flatMap((part) => issuesOf(part))).toEqual([]);
  });

  test('is valid if a long blank text has an attachment', () => {
    const input = messageOf({ split: true, body: plain(' '.repeat(5000)), attachments: [attachmentOf()] });
    const parts = expand(input);
    expect(parts.flatMap((part) => part.attachments)).toEqual([attachmentOf()]);
    expect(parts.flatMap((part) => issuesOf(part))).toEqual([]);
  });
});
