import { randomBytes, randomUUID } from 'node:crypto';
import type { MessengerType } from './settings.ts';

/** The two sides of a conversation, as its messages address them. */
export interface Addresses {
  readonly tenant: string;
  readonly messengerType: MessengerType;
  /** An integration's id, a phone number or a deployment's id. */
  readonly organizationAddress: string;
  /** The guest's id at the messenger. */
  readonly customerAddress: string;
}

/** An agent, bot or program that may send into a conversation. */
export interface Agent {
  readonly participantId: string;
  readonly communicationId: string;
}

/** A conversation. It has no end as long as it is live. */
export interface Conversation extends Addresses {
  readonly id: string;
  readonly startedAtMs: number;
  endedAtMs: number | null;
  readonly customer: Agent;
  agent: Agent | null;
  /** All of its messages, in the order of their arrival. */
  readonly messages: StoredMessage[];
}

/** What a message says. */
export interface MessageContent {
  readonly type: 'Text' | 'Structured' | 'Event' | 'Receipt';
  readonly text?: string;
  readonly content?: readonly object[];
  readonly events?: readonly object[];
  readonly metadata?: Readonly<Record<string, string>>;
  /** Who wrote it. Absent: a human. */
  readonly originatingEntity?: 'Human' | 'Bot';
}

/** A message that was accepted. */
export interface StoredMessage extends MessageContent {
  readonly id: string;
  readonly conversationId: string;
  readonly direction: 'inbound' | 'outbound';
  readonly messengerType: MessengerType;
  readonly fromAddress: string;
  readonly toAddress: string;
  /** When the sandbox accepted it. */
  readonly timestamp: string;
  readonly status: string;
  /** The time of the sender: `channel.time` of an inbound message. */
  readonly sentAt?: string;
  /** The provider's id of an inbound message: `channel.messageId`. */
  readonly providerMessageId?: string;
  /** The client that sent it. Absent for a guest of the WebSocket. */
  readonly clientId?: string;
}

/** The parts of a message that its sender gives. The channel of guests gives the id too. */
export type NewMessage = Pick<
  StoredMessage,
  'direction' | 'status' | 'sentAt' | 'providerMessageId' | 'clientId'
> &
  Partial<Pick<StoredMessage, 'id'>> &
  MessageContent;

/** All conversations of all tenants, and their messages. */
export interface Conversations {
  /** The conversations of a tenant, the oldest first. */
  all(tenant: string): Conversation[];
  find(tenant: string, conversationId: string): Conversation | undefined;
  /** The live conversation between two addresses. */
  live(addresses: Addresses): Conversation | undefined;
  start(addresses: Addresses, nowMs: number, id?: string): Conversation;
  /** Makes a conversation live again after its end. */
  resume(conversation: Conversation): void;
  /** Gives a conversation an agent, unless it has one. */
  connectAgent(conversation: Conversation): Agent;
  end(conversation: Conversation, nowMs: number): void;
  /** Adds a message to a conversation, and tells every listener. */
  add(conversation: Conversation, message: NewMessage, nowMs: number): StoredMessage;
  findMessage(tenant: string, messageId: string): StoredMessage | undefined;
  /** @returns a function that ends the calls of the listener */
  listen(listener: ConversationListener): () => void;
}

/** Learns what happens to any conversation. */
export interface ConversationListener {
  added(conversation: Conversation, message: StoredMessage): void;
  ended(conversation: Conversation): void;
}

/** A store without conversations. */
export function createConversations(): Conversations {
  const conversations = new Map<string, Conversation>();
  const liveByAddress = new Map<string, Conversation>();
  const messages = new Map<string, { tenant: string; message: StoredMessage }>();
  const listeners = new Set<ConversationListener>();

  return {
    all: (tenant) => [...conversations.values()].filter((each) => each.tenant === tenant),
    find(tenant, conversationId) {
      const found = conversations.get(conversationId);
      return found?.tenant === tenant ? found : undefined;
    },
    live: (addresses) => liveByAddress.get(addressKey(addresses)),
    start({ tenant, messengerType, organizationAddress, customerAddress }, nowMs, id = randomUUID()) {
      const conversation: Conversation = {
        id,
        tenant,
        messengerType,
        organizationAddress,
        customerAddress,
        startedAtMs: nowMs,
        endedAtMs: null,
        customer: newAgent(),
        agent: null,
        messages: [],
      };
      conversations.set(conversation.id, conversation);
      liveByAddress.set(addressKey(conversation), conversation);
      return conversation;
    },
    resume(conversation) {
      conversation.endedAtMs = null;
      liveByAddress.set(addressKey(conversation), conversation);
    },
    connectAgent(conversation) {
      conversation.agent ??= newAgent();
      return conversation.agent;
    },
    end(conversation, nowMs) {
      if (conversation.endedAtMs !== null) return;
      conversation.endedAtMs = nowMs;
      const key = addressKey(conversation);
      if (liveByAddress.get(key) === conversation) liveByAddress.delete(key);
      for (const listener of listeners) listener.ended(conversation);
    },
    add(conversation, message, nowMs) {
      const stored = storedMessage(conversation, message, nowMs);
      conversation.messages.push(stored);
      messages.set(stored.id, { tenant: conversation.tenant, message: stored });
      for (const listener of listeners) listener.added(conversation, stored);
      return stored;
    },
    findMessage(tenant, messageId) {
      const found = messages.get(messageId);
      return found?.tenant === tenant ? found.message : undefined;
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function storedMessage(conversation: Conversation, message: NewMessage, nowMs: number): StoredMessage {
  const { id: conversationId, messengerType, customerAddress, organizationAddress } = conversation;
  const isInbound = message.direction === 'inbound';
  return {
    ...message,
    id: message.id ?? newMessageId(messengerType),
    conversationId,
    messengerType,
    fromAddress: isInbound ? customerAddress : organizationAddress,
    toAddress: isInbound ? organizationAddress : customerAddress,
    timestamp: new Date(nowMs).toISOString(),
  };
}

/** Ids of the channel of guests have no hyphens. */
function newMessageId(messengerType: MessengerType): string {
  return messengerType === 'webmessaging' ? randomBytes(16).toString('hex') : randomUUID();
}

function newAgent(): Agent {
  return { participantId: randomUUID(), communicationId: randomUUID() };
}

function addressKey({ tenant, messengerType, organizationAddress, customerAddress }: Addresses): string {
  return JSON.stringify([tenant, messengerType, organizationAddress, customerAddress]);
}
