import type { OperationHandler } from '../../requests/arrival.ts';
import { PlatformError } from '../requests/errors.ts';
import { handled, ok, timeText } from '../requests/handler.ts';
import type { PlatformWorld } from '../world.ts';
import type { Agent, Conversation, StoredMessage } from './conversations.ts';

/** Reads a conversation of messages (`MessageConversation`). Its participants have no communications. */
export function createConversationRead(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, params }) => {
    const conversation = found(world, tenant, params);
    if (conversation instanceof PlatformError) return conversation;
    return ok({
      id: conversation.id,
      participants: sidesOf(conversation).map((side) => mediaParticipant(conversation, side)),
      otherMediaUris: [],
      selfUri: `/api/v2/conversations/messages/${conversation.id}`,
    });
  });
}

/**
 * Reads a conversation of any media (`Conversation`). Each participant has its communication, whose
 * id is the one that messages of an agent are sent to.
 */
export function createWholeConversationRead(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, params }) => {
    const conversation = found(world, tenant, params);
    if (conversation instanceof PlatformError) return conversation;
    const { id, startedAtMs } = conversation;
    return ok({
      id,
      startTime: timeText(startedAtMs),
      ...endOf(conversation),
      participants: sidesOf(conversation).map((side) => wholeParticipant(conversation, side)),
      conversationIds: [],
      recordingState: 'none',
      divisions: [],
      selfUri: `/api/v2/conversations/${id}`,
    });
  });
}

/** One side of a conversation. */
interface Side {
  readonly who: Agent;
  readonly purpose: 'customer' | 'agent';
  /** The direction of the messages that it sends. */
  readonly direction: StoredMessage['direction'];
}

function found(
  { conversations }: PlatformWorld,
  tenant: string,
  params: Readonly<Record<string, string>>,
): Conversation | PlatformError {
  const code = 'conversation.error.conversation.not.found';
  return (
    conversations.find(tenant, params['conversationId'] ?? '') ??
    new PlatformError(404, code, 'The conversation does not exist.')
  );
}

function sidesOf({ customer, agent }: Conversation): Side[] {
  return [
    { who: customer, purpose: 'customer', direction: 'inbound' },
    ...(agent === null ? [] : [{ who: agent, purpose: 'agent', direction: 'outbound' } as const]),
  ];
}

function mediaParticipant(conversation: Conversation, side: Side): object {
  const { who, purpose } = side;
  return {
    id: who.participantId,
    purpose,
    startTime: timeText(conversation.startedAtMs),
    ...endOf(conversation),
    ...communication(conversation, side),
  };
}

function wholeParticipant(conversation: Conversation, side: Side): object {
  const { who, purpose } = side;
  return {
    id: who.participantId,
    purpose,
    startTime: timeText(conversation.startedAtMs),
    connectedTime: timeText(conversation.startedAtMs),
    ...endOf(conversation),
    messages: [
      {
        id: who.communicationId,
        ...communication(conversation, side),
        ...(conversation.endedAtMs !== null && { disconnectedTime: timeText(conversation.endedAtMs) }),
      },
    ],
  };
}

/** What both shapes say about one side. */
function communication(conversation: Conversation, { direction }: Side): object {
  const { startedAtMs, endedAtMs, messengerType, organizationAddress, customerAddress } = conversation;
  return {
    state: endedAtMs === null ? 'connected' : 'disconnected',
    held: false,
    direction: 'inbound',
    connectedTime: timeText(startedAtMs),
    ...(endedAtMs !== null && { disconnectType: 'peer' }),
    provider: 'PureCloud Messaging',
    type: messengerType,
    toAddress: addressOf(organizationAddress),
    fromAddress: addressOf(customerAddress),
    messages: conversation.messages.filter((message) => message.direction === direction).map(referenceOf),
  };
}

/** A message as a conversation refers to it (`MessageDetails`). */
function referenceOf({ id, status, timestamp, conversationId }: StoredMessage): object {
  return {
    messageId: id,
    messageURI: `/api/v2/conversations/messages/${conversationId}/messages/${id}`,
    messageStatus: status,
    messageTime: timestamp,
  };
}

function endOf({ endedAtMs }: Conversation): { endTime?: string } {
  return endedAtMs === null ? {} : { endTime: timeText(endedAtMs) };
}

function addressOf(address: string): object {
  return { addressNormalized: address, addressRaw: address, addressDisplayable: address };
}
