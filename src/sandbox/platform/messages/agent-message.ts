import { z } from 'zod';
import type { OperationHandler } from '../../requests/arrival.ts';
import { check } from '../requests/check.ts';
import { generalError, notFound, PlatformError } from '../requests/errors.ts';
import { handled, ok } from '../requests/handler.ts';
import type { PlatformWorld } from '../world.ts';
import type { Conversation } from './conversations.ts';
import { contentTypeOf, type Media } from './media.ts';
import { outboundRefusal } from './outbound.ts';
import { shownMessage } from './shown.ts';
import { messagingTemplateSchema } from './template.ts';
import { lengthOf, outboundLimit, tooLong } from './text.ts';

const additionalMessageSchema = z
  .strictObject({
    textBody: z.string().nullish(),
    mediaIds: z.array(z.string()).nullish(),
    messagingTemplate: messagingTemplateSchema,
  })
  .refine((body) => body.textBody || body.mediaIds?.length || body.messagingTemplate, {
    path: ['textBody'],
    message: 'a text, a file or a template is required',
  });

/** Sends a message of an agent or a bot into its live conversation. */
export function createAgentMessageSend(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, client, params, body, nowMs }) => {
    const conversation = agentConversation(world, tenant, params);
    if (conversation instanceof PlatformError) return conversation;
    const request = check(additionalMessageSchema, body);
    if (request instanceof PlatformError) return request;
    const { messages } = world.settings.current;
    const text = request.textBody ?? '';
    if (lengthOf(text, messages) > outboundLimit(conversation.messengerType, messages)) {
      return tooLong('textBody');
    }
    const media = mediaOf(world, conversation, request.mediaIds ?? [], nowMs);
    if (media instanceof PlatformError) return media;
    const refusal = fullRefusal(world, conversation) ?? outboundRefusal(world, tenant);
    if (refusal !== undefined) return refusal;

    const message = world.conversations.add(
      conversation,
      {
        direction: 'outbound',
        status: 'queued',
        type: request.messagingTemplate ? 'Structured' : 'Text',
        text,
        content: media.map(attachmentOf),
        originatingEntity: 'Human',
        clientId: client.clientId,
      },
      nowMs,
    );
    return messages.answersAccepted ? ok(undefined, 202) : ok(shownMessage(message));
  });
}

/** The conversation of a path, if the communication is that of its agent and it has not ended. */
export function agentConversation(
  { conversations, settings }: PlatformWorld,
  tenant: string,
  { conversationId = '', communicationId = '' }: Readonly<Record<string, string>>,
): Conversation | PlatformError {
  const conversation = conversations.find(tenant, conversationId);
  if (conversation?.agent?.communicationId !== communicationId) return notFound();
  if (conversation.endedAtMs === null) return conversation;
  return generalError(settings.current.messages.endedConversationStatus);
}

function mediaOf(
  { media }: PlatformWorld,
  conversation: Conversation,
  ids: readonly string[],
  nowMs: number,
): Media[] | PlatformError {
  const found: Media[] = [];
  for (const id of ids) {
    const one = media.find(conversation.tenant, id);
    if (one?.conversationId !== conversation.id) {
      return new PlatformError(400, 'not.found', 'The requested resource was not found.', {
        details: [{ errorCode: 'not.found', fieldName: 'mediaIds', entityId: id }],
      });
    }
    if (media.statusOf(one, nowMs) !== 'valid') return generalError(400, 'The media is not valid.');
    found.push(one);
  }
  return found;
}

function fullRefusal({ settings }: PlatformWorld, { messages }: Conversation): PlatformError | undefined {
  const { maxPerConversation } = settings.current.messages;
  if (maxPerConversation === null || messages.length < maxPerConversation) return undefined;
  const code = 'conversation.message.limit.exceeded';
  return new PlatformError(400, code, 'Conversation max message limit has been reached.');
}

function attachmentOf({ id, name, contentLengthBytes }: Media): object {
  const mime = contentTypeOf(name);
  return {
    contentType: 'Attachment',
    attachment: {
      id,
      mediaType: mime.startsWith('image/') ? 'Image' : 'File',
      mime,
      filename: name,
      contentSizeBytes: contentLengthBytes,
    },
  };
}
