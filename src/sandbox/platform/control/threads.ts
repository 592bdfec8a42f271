import type { Conversation, StoredMessage } from '../messages/conversations.ts';
import { timeText } from '../requests/handler.ts';

/** One conversation with all of its messages, in the order of their arrival. */
export interface Thread {
  conversationId: string;
  messengerType: string;
  organizationAddress: string;
  customerAddress: string;
  isLive: boolean;
  startedAt: string;
  /** The communication of its agent. Null without an agent. */
  communicationId: string | null;
  /** Texts and clicks of the guest whose `channel.messageId` came before, in any conversation. */
  repeatedMessageIds: number;
  /** Texts and clicks of the guest with an earlier `channel.time` than one before them. */
  outOfOrder: number;
  messages: readonly StoredMessage[];
}

/** The conversations of one tenant, the oldest first, with what a test judges them by. */
export function threadsOf(conversations: readonly Conversation[]): Thread[] {
  const seenIds = new Set<string>();
  return conversations.map((conversation) => ({
    conversationId: conversation.id,
    messengerType: conversation.messengerType,
    organizationAddress: conversation.organizationAddress,
    customerAddress: conversation.customerAddress,
    isLive: conversation.endedAtMs === null,
    startedAt: timeText(conversation.startedAtMs),
    communicationId: conversation.agent?.communicationId ?? null,
    repeatedMessageIds: repeatedIn(conversation, seenIds),
    outOfOrder: outOfOrderIn(conversation),
    messages: conversation.messages,
  }));
}

function repeatedIn(conversation: Conversation, seenIds: Set<string>): number {
  let repeated = 0;
  for (const { providerMessageId } of saidBy(conversation)) {
    if (providerMessageId === undefined) continue;
    const key = JSON.stringify([conversation.organizationAddress, providerMessageId]);
    if (seenIds.has(key)) repeated += 1;
    seenIds.add(key);
  }
  return repeated;
}

function outOfOrderIn(conversation: Conversation): number {
  let latestMs = -Infinity;
  let outOfOrder = 0;
  for (const { sentAt } of saidBy(conversation)) {
    if (sentAt === undefined) continue;
    if (Date.parse(sentAt) < latestMs) outOfOrder += 1;
    latestMs = Math.max(latestMs, Date.parse(sentAt));
  }
  return outOfOrder;
}

/** What the guest said: no typing, and no receipt. */
function saidBy({ messages }: Conversation): StoredMessage[] {
  return messages.filter(
    ({ direction, type }) => direction === 'inbound' && (type === 'Text' || type === 'Structured'),
  );
}
