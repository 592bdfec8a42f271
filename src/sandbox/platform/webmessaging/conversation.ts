import { endConversation } from './conversation-store.ts';
import { notice, structuredMessage } from './frames.ts';
import { outboundBody, storeOutbound } from './messages.ts';
import type { MessageBody, Session } from './model.ts';
import { endConnection, fanOut } from './sessions.ts';
import { type ChannelState, deploymentOf } from './state.ts';

/** An agent or a flow ends the conversation. The deployment decides what the guest sees of it. */
export function disconnect(state: ChannelState, session: Session, from: 'Human' | 'Bot'): void {
  const { enabled = false, type } = deploymentOf(state, session)?.conversationDisconnect ?? {};
  session.disconnectedAtMs = state.timeline.now();
  endConversation(state, session);
  if (!enabled) return;
  const isReadOnly = type === 'ReadOnly';
  const content = {
    type: 'Event',
    events: [{ eventType: 'Presence', presence: { type: 'Disconnect' } }],
    metadata: { readOnly: String(isReadOnly) },
  } as const;
  const body = outboundBody(state, content, from);
  storeOutbound(state, session, body);
  if (isReadOnly) session.state = 'read-only';
  fanOut(state, session, structuredMessage(body, undefined));
}

/** Makes a session read-only without a word to the guest. */
export function makeReadOnly(session: Session): void {
  session.state = 'read-only';
}

/** Ends a session: the channel no longer knows it, and its history is gone. */
export function endSession(state: ChannelState, session: Session): void {
  session.state = 'ended';
  endConversation(state, session);
  session.history = [];
}

/** A guest clears the conversation, or a test does. @param echo the event of the guest */
export function clearConversation(state: ChannelState, session: Session, echo?: () => void): void {
  fanOut(state, session, notice('SessionClearedEvent', {}));
  echo?.();
  endSession(state, session);
  for (const connection of [...session.connections]) endConnection(state, connection, 1000);
}

/** Another sign-in takes the place of a session. */
export function replaceBySignIn(state: ChannelState, session: Session): void {
  endSession(state, session);
  for (const connection of [...session.connections]) endConnection(state, connection, 1000, 'signedIn');
}

/** The user logs out on all devices. */
export function logOut(state: ChannelState, session: Session): void {
  session.state = 'logged-out';
  fanOut(state, session, notice('LogoutEvent', {}));
}

/** Sends a message of an agent or bot to the guest. */
export function say(state: ChannelState, session: Session, body: MessageBody, isKept: boolean): void {
  if (isKept) storeOutbound(state, session, body);
  fanOut(state, session, structuredMessage(body, undefined));
}
