import { z } from 'zod';
import type { OperationHandler } from '../../requests/arrival.ts';
import { check } from '../requests/check.ts';
import { notFound, PlatformError } from '../requests/errors.ts';
import { handled, ok } from '../requests/handler.ts';
import type { PlatformWorld } from '../world.ts';
import { notAClient } from './open-channel.ts';
import { outboundRefusal } from './outbound.ts';
import { shownMessage } from './shown.ts';
import { messagingTemplateSchema } from './template.ts';
import { lengthOf, outboundLimit, tooLong } from './text.ts';

const agentlessSchema = z
  .strictObject({
    fromAddress: z.string().min(1),
    toAddress: z.string().nullish(),
    externalContactId: z.string().nullish(),
    toAddressMessengerType: z.enum(['sms', 'whatsapp', 'open', 'webmessaging', 'apple']),
    textBody: z.string().nullish(),
    messagingTemplate: messagingTemplateSchema,
    useExistingActiveConversation: z.boolean().nullish(),
  })
  .refine((body) => body.toAddress || body.externalContactId, {
    path: ['toAddress'],
    message: 'an address or an external contact is required',
  });

type Agentless = z.output<typeof agentlessSchema>;

/**
 * Sends a message of the organization without an agent. It joins the guest's live conversation if
 * the request says so. Otherwise it makes a conversation of its own, which is over at once.
 */
export function createAgentlessSend(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, client, body, nowMs }) => {
    const userError = notAClient(client, world.settings.current);
    if (userError !== undefined) return userError;
    const request = check(agentlessSchema, body);
    if (request instanceof PlatformError) return request;
    const refusal = contentRefusal(world, request) ?? senderRefusal(world, tenant, request, nowMs);
    if (refusal !== undefined) return refusal;

    const { toAddressMessengerType: messengerType, fromAddress } = request;
    const toAddress = request.toAddress || request.externalContactId || '';
    const addresses = {
      tenant,
      messengerType,
      organizationAddress: fromAddress,
      customerAddress: toAddress,
    };
    const live = world.conversations.live(addresses);
    const joins = request.useExistingActiveConversation === true;
    if (live !== undefined && !joins) return activeConversation();
    const overuse = outboundRefusal(world, tenant);
    if (overuse !== undefined) return overuse;

    const conversation = live ?? world.conversations.start(addresses, nowMs);
    const message = world.conversations.add(
      conversation,
      {
        direction: 'outbound',
        status: 'queued',
        type: request.messagingTemplate ? 'Structured' : 'Text',
        text: request.textBody ?? '',
        originatingEntity: 'Bot',
        clientId: client.clientId,
      },
      nowMs,
    );
    if (live === undefined) world.conversations.end(conversation, nowMs);
    if (world.settings.current.messages.answersAccepted) return ok(undefined, 202);
    return ok({
      id: message.id,
      conversationId: conversation.id,
      fromAddress,
      toAddress,
      messengerType,
      useExistingActiveConversation: joins,
      message: shownMessage(message),
      timestamp: message.timestamp,
      selfUri: '/api/v2/conversations/messages/agentless',
    });
  });
}

function contentRefusal({ settings }: PlatformWorld, request: Agentless): PlatformError | undefined {
  const { messages } = settings.current;
  const { toAddressMessengerType: messengerType, messagingTemplate, textBody } = request;
  const length = lengthOf(textBody ?? '', messages);
  if (messengerType === 'webmessaging') {
    const isFine = length > 0 && length <= messages.agentlessWebmessagingCharacters;
    return isFine ? undefined : invalidWebmessagingText();
  }
  if (messengerType === 'whatsapp' && !/^\d+$/.test(request.toAddress ?? '')) {
    const message = 'WhatsApp address must only contain numeric characters of destination phone number.';
    return new PlatformError(400, 'invalid.whatsapp.address', message);
  }
  if (messengerType === 'whatsapp' && !messagingTemplate) return required('messagingTemplate');
  if (length === 0 && (messengerType === 'sms' || !messagingTemplate)) return required('textBody');
  return length > outboundLimit(messengerType, messages) ? tooLong('textBody') : undefined;
}

/** The 404 of a sender that is no number, integration or deployment of the organization. */
function senderRefusal(
  { integrations, deployments }: PlatformWorld,
  tenant: string,
  { toAddressMessengerType, fromAddress }: Agentless,
  nowMs: number,
): PlatformError | undefined {
  if (toAddressMessengerType === 'sms') return undefined;
  if (toAddressMessengerType === 'webmessaging') {
    return deployments.find(tenant, fromAddress, nowMs) === undefined ? notFound() : undefined;
  }
  const integration = integrations.findUsable(tenant, fromAddress, toAddressMessengerType, nowMs);
  return integration === undefined ? notFound() : undefined;
}

function activeConversation(): PlatformError {
  const message = 'An alerting or connected conversation is already in progress.';
  return new PlatformError(400, 'active.conversation', message);
}

function invalidWebmessagingText(): PlatformError {
  const message = 'The request needs a textBody not empty and under 4000 characters.';
  return new PlatformError(400, 'invalid.webmessaging.text.body', message);
}

function required(fieldName: string): PlatformError {
  return new PlatformError(400, 'constraint.validation', `${fieldName} is missing`, {
    details: [{ errorCode: 'constraint.validation', fieldName }],
  });
}
