import { clearConversation } from '../conversation.ts';
import { structuredMessage } from '../frames.ts';
import { inboundBody, storeInbound } from '../messages.ts';
import type { Session } from '../model.ts';
import { runSteps, stepsAfter } from '../script.ts';
import { fanOut } from '../sessions.ts';
import { type ChannelState, deploymentOf } from '../state.ts';
import type { Answer, Call } from './action.ts';
import type { GuestEvent, GuestMessage } from './message-schema.ts';

type EventCall = Pick<Call<unknown>, 'connection' | 'tracingId'> & {
  readonly session: Session;
  readonly message: GuestMessage;
  readonly event: GuestEvent;
};

/** An event of a guest: it is typing, joins, or clears the conversation. */
export function handleEvent(state: ChannelState, call: EventCall): Answer {
  const { event } = call;
  if (event.eventType === 'Typing') return handleTyping(state, call);
  return event.presence.type === 'Clear' ? handleClear(state, call) : handleJoin(state, call);
}

function handleTyping(state: ChannelState, call: EventCall): Answer {
  const isShown = deploymentOf(state, call.session)?.showUserTypingIndicator ?? false;
  if (!isShown) return { code: 403, text: 'Turn on the Feature Toggle or fix the configuration.' };
  if (state.settings.echo.typing) fanOut(state, call.session, echoOf(state, call));
}

function handleJoin(state: ChannelState, call: EventCall): undefined {
  const { session, connection, tracingId } = call;
  const body = eventBody(state, call);
  storeInbound(state, session, connection, body, tracingId);
  session.counters.echoes += 1;
  fanOut(state, session, structuredMessage(body, tracingId, state.settings.echo.type));
  runSteps(state, session, stepsAfter(state, 'join', undefined), 0);
}

function handleClear(state: ChannelState, call: EventCall): Answer {
  const isAllowed = deploymentOf(state, call.session)?.conversationClear ?? false;
  if (!isAllowed) {
    return { code: 403, text: 'Presence events Conversation Clear are not supported by the configuration.' };
  }
  clearConversation(state, call.session, () => fanOut(state, call.session, echoOf(state, call)));
}

function echoOf(state: ChannelState, call: EventCall) {
  return structuredMessage(eventBody(state, call), call.tracingId, state.settings.echo.type);
}

function eventBody(state: ChannelState, { session, message, event }: EventCall) {
  const attributes = message.channel?.metadata?.customAttributes;
  const content = { type: 'Event', events: [event], metadata: message.metadata } as const;
  return inboundBody(state, session, content, { attributes });
}
