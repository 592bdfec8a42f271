import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { textOf } from '../../core/shapes.ts';
import { type ErrorDetail, errorAnswer, generalCodeOf } from '../answers/error-body.ts';
import { refusal, sessionEnded } from '../answers/refusals.ts';
import { type Parsed, parseInput } from '../input/problems.ts';
import type { OperationState } from '../operation.ts';
import type { Answer, OperationHandler } from '../requests/arrival.ts';

// Limits and media types: docs/guides.md#message-limits
const MAX_CONTENT_BYTES = 4096;
const MAX_ATTACHMENT_BYTES = 25 * 1024 * 1024;
const contentTypes = ['text/plain', 'text/html'] as const;
const attachmentTypes = ['image/png', 'image/jpeg', 'application/pdf', 'text/plain'] as const;

const messageShape = z.object({
  from: z.object({ id: textOf({ min: 1 }), type: z.literal('user') }),
  to: z.object({ id: textOf({ min: 1 }), type: z.literal('conversation') }),
  body: z.object({ contentType: z.enum(contentTypes), content: z.string() }),
  metadata: z
    .object({
      readReceipt: z.boolean().optional(),
      transmissionTimestamp: z.iso.datetime({ offset: true }).optional(),
    })
    .optional(),
  attachments: z
    .array(
      z.object({
        contentType: z.enum(attachmentTypes),
        url: z.url({ protocol: /^https?$/ }),
        fileName: textOf({ min: 1 }),
        size: z.int().min(0),
      }),
    )
    .optional(),
});

const messageSchema = messageShape.superRefine(({ body, attachments = [] }, context) => {
  if (body.content !== '' || attachments.length > 0) return;
  context.addIssue({
    code: 'custom',
    path: ['body', 'content'],
    input: body.content,
    message: 'a text, or else an attachment',
  });
});

type Message = z.infer<typeof messageSchema>;

/** The handler of `message.send`. It accepts the same message again, as Genesys Cloud does. */
export function createMessageSend({ now, sessions }: OperationState): OperationHandler {
  return ({ body, correlationId }, client) => {
    const message = parseMessage(body);
    if (!message.ok) return refusal(correlationId, 'message', message.problems);
    if (!sessions.isOpen(client, message.value.to.id)) return sessionEnded(correlationId);
    return tooLarge(correlationId, message.value) ?? accepted(message.value, now());
  };
}

/** The conversation of a message, read from a body that is not checked yet. */
export function conversationOfMessage(body: unknown): string | null {
  const id = (body as { to?: { id?: unknown } | null } | null | undefined)?.to?.id;
  return typeof id === 'string' ? id : null;
}

function parseMessage(body: unknown): Parsed<Message> {
  // The answer to a request without a body names every missing field.
  return parseInput(messageSchema, body ?? {});
}

function tooLarge(correlationId: string, message: Message): Answer | undefined {
  const details: ErrorDetail[] = [];
  if (Buffer.byteLength(message.body.content) > MAX_CONTENT_BYTES) {
    details.push({ errorCode: 'max.length.exceeded', fieldName: 'body.content' });
  }
  for (const [index, attachment] of (message.attachments ?? []).entries()) {
    if (attachment.size <= MAX_ATTACHMENT_BYTES) continue;
    details.push({ errorCode: 'media.too.large', fieldName: `attachments[${index}].size` });
  }
  if (details.length === 0) return undefined;
  return errorAnswer(correlationId, {
    status: 413,
    code: generalCodeOf(413),
    message: `The content may have ${MAX_CONTENT_BYTES} bytes, an attachment ${MAX_ATTACHMENT_BYTES} bytes.`,
    details,
  });
}

function accepted({ from, to, body, attachments }: Message, sentAtMs: number): Answer {
  const sent = {
    id: `msg-${randomUUID()}`,
    from,
    to,
    body,
    sentTime: new Date(sentAtMs).toISOString(),
    deliveryStatus: 'delivered',
  };
  return { status: 200, body: attachments === undefined ? sent : { ...sent, attachments } };
}
