import { z } from 'zod';
import { seen } from '../content/fields/declarations.ts';
import { ATTACHMENT_TYPES, MAX_ATTACHMENT_BYTES } from '../content/message/attachment.ts';
import { checkText, type TextType } from '../content/message/check-text.ts';
import { MAX_TEXT_BYTES, splitText, utf8Bytes } from '../content/message/text.ts';
import type { ContentPolicy } from '../content/policy/policy.ts';
import { openBudget } from '../content/policy/step-budget.ts';
import type { Issue } from '../core/issues.ts';
import { listOf, textOf } from '../core/shapes.ts';
import { conditions } from './conditions.ts';
import { defineJob } from './define.ts';
import { id, shownUrl, tenantId } from './fields.ts';

/** Longest text that `split` takes: sixteen full messages. */
const MAX_SPLIT_BYTES = 16 * MAX_TEXT_BYTES;
const MAX_ATTACHMENTS = 10;

const attachment = z.strictObject({
  contentType: z.enum(ATTACHMENT_TYPES),
  url: shownUrl,
  /** Fits the media type, and is no path and no program: see `attachment.ts`. */
  fileName: seen.fileName(textOf({ min: 1, max: 255 }), 'contentType'),
  /** Bytes; at most 25 MiB. */
  sizeBytes: z.number().int().min(1).max(MAX_ATTACHMENT_BYTES),
});

const schema = z.strictObject({
  tenantId,
  guestId: id,
  /** Messages of one conversation are delivered in the order in which they were accepted. */
  conversationId: id,
  body: z.strictObject({
    contentType: z.enum(['text/plain', 'text/html']),
    // Plain or rich, as it says beside it; checked as a whole and in parts, see `textIssues`.
    content: seen.checkedByKind('rich-text', z.string()),
  }),
  attachments: listOf(attachment, { max: MAX_ATTACHMENTS }).default([]),
  /** Asks for a receipt when the guest has read the message. */
  readReceipt: z.boolean().default(true),
  /** A text over 4,096 bytes is sent as several messages rather than rejected. */
  split: z.boolean().default(false),
  ...conditions,
});

/**
 * What the checks of the text need, from any input, so that they run beside issues of other fields.
 */
const textSchema = z.looseObject({
  body: z.looseObject({ contentType: z.string().catch('text/plain'), content: z.string() }),
  // The default comes first: `catch` makes an error of zod, also for a field that is missing.
  attachments: z.array(z.unknown()).default([]).catch([]),
  split: z.boolean().default(false).catch(false),
});

/** One message of a guest to a conversation (docs/guides.md#send-a-message). */
export const messageTransmission = defineJob({
  kind: 'message-transmission',
  schema,
  eventOf: () => 'message',
  bucket: 'messages',
  kindCode: 'm',
  lane: (message) => message.conversationId,
  violations(input, policy) {
    const parsed = textSchema.safeParse(input);
    return parsed.success ? textIssues(parsed.data, policy) : [];
  },
  expand(message) {
    if (!message.split) return [message];
    // A text of nothing but white space, with an attachment to it, has no parts.
    const parts = splitText(message.body.content);
    if (parts.length === 0) parts.push('');
    // Attachments go with the last part, behind the words that announce them.
    return parts.map((content, index) => ({
      ...message,
      split: false,
      body: { ...message.body, content },
      attachments: index === parts.length - 1 ? message.attachments : [],
    }));
  },
});

export type MessageTransmission = z.output<typeof schema>;

function textIssues(message: z.output<typeof textSchema>, policy: ContentPolicy): Issue[] {
  const { contentType, content } = message.body;
  const issues: Issue[] = [];
  if (content.trim() === '' && message.attachments.length === 0) {
    issues.push({ path: 'body.content', message: 'expected a text that is not blank, or an attachment' });
  }
  const bytes = utf8Bytes(content);
  const maxBytes = message.split ? MAX_SPLIT_BYTES : MAX_TEXT_BYTES;
  if (bytes > maxBytes) {
    const remedy = message.split ? '' : '; set split to send it as several messages';
    issues.push({
      path: 'body.content',
      message: `expected at most ${maxBytes} bytes of UTF-8, got ${bytes}${remedy}`,
    });
    // The patterns are not run over a text of any size.
    return issues;
  }
  if (message.split && contentType === 'text/html') {
    issues.push({ path: 'split', message: 'expected false for text/html: its tags would be torn' });
    // Nor is HTML read that no single message could hold.
    if (bytes > MAX_TEXT_BYTES) return issues;
  }
  const issue = contentIssue(policy, contentType === 'text/html' ? 'text/html' : 'text/plain', message);
  if (issue !== undefined) issues.push({ path: 'body.content', message: issue });
  return issues;
}

/** Of the text, and of each part as well: a pattern may be tied to the beginning of a text. */
function contentIssue(
  policy: ContentPolicy,
  type: TextType,
  { body: { content }, split }: z.output<typeof textSchema>,
): string | undefined {
  const parts = split ? splitText(content) : [];
  const checked = checkText(policy, type, content, openBudget(Math.max(1, parts.length)));
  if (checked.issue !== undefined) return checked.issue;
  const bytes = utf8Bytes(checked.text);
  if (!split && bytes > MAX_TEXT_BYTES) {
    return `expected at most ${MAX_TEXT_BYTES} bytes of UTF-8 once its tags and signs are written out, got ${bytes}`;
  }
  for (const part of parts) {
    const { issue } = checkText(policy, type, part);
    if (issue !== undefined) return issue;
  }
  return undefined;
}
