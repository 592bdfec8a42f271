import type { z } from 'zod';
import { attachmentContent, attachmentProblem } from '../attachments.ts';
import type { Effect } from '../faults.ts';
import { type Refusal, structuredMessage } from '../frames.ts';
import { attributesProblem, textProblem } from '../limits.ts';
import { inboundBody, storeInbound } from '../messages.ts';
import type { MessageBody, Session } from '../model.ts';
import { cutBehind, cutConnection } from '../outbox.ts';
import { refuseRate } from '../refuse.ts';
import { runSteps, stepsAfter } from '../script.ts';
import { fanOut } from '../sessions.ts';
import type { ChannelState } from '../state.ts';
import { type Action, type Answer, type Call, sessionAction } from './action.ts';
import { handleEvent } from './events.ts';
import { type GuestMessage, legacyChannelSchema, messageSchema } from './message-schema.ts';

const fields = { message: messageSchema, channel: legacyChannelSchema.exactOptional() };

type MessageCall = Call<z.infer<z.ZodObject<typeof fields>>> & { readonly session: Session };

/**
 * `onMessage`: checks what a guest sends, stores it, and sends its echo to all connections of the
 * session. The echo is the only sign that the platform has accepted a message.
 */
export const onMessage: Action = sessionAction(fields, (state, call) => {
  const { connection, session, tracingId, effect, input } = call;
  const { message } = input;
  if (session.state === 'read-only') {
    return { code: state.settings.errors.readOnlyCode, text: 'The session is read-only.' };
  }
  const waitMs = session.messageRate.take(state.timeline.now(), state.settings.rates.messagesPerSecond);
  if (waitMs > 0) return refuseRate(state, call, waitMs, 'messages');
  if (message.type === 'Event') {
    const [event] = message.events ?? [];
    if (event === undefined) return { code: 4020, text: 'message.events: wanted an event.' };
    return handleEvent(state, { connection, session, tracingId, message, event });
  }
  return problemOf(state, call) ?? accept(state, call, effect);
});

function problemOf(state: ChannelState, { session, input }: MessageCall): Refusal | undefined {
  const { message } = input;
  const { text = '', content = [] } = message;
  if (text.trim() === '' && content.length === 0) {
    return { code: 4020, text: 'message: wanted a text or a content.' };
  }
  const attributes = attributesOf(state, input);
  const attached = content.filter((item) => item.contentType === 'Attachment');
  if (attached.length > 1) return { code: 400, text: 'message.content: wanted at most one attachment.' };
  return (
    textProblem(state.settings, text) ??
    (attributes && attributesProblem(state.settings, attributes)) ??
    attached.map(({ attachment }) => attachmentProblem(state, session, attachment.id)).find(Boolean)
  );
}

function accept(state: ChannelState, call: MessageCall, effect: Effect | undefined): Answer {
  const { connection, session, tracingId, input } = call;
  const known = duplicateOf(state, call);
  const body = known ?? bodyOf(state, call);
  if (known === undefined) {
    for (const item of input.message.content ?? []) {
      if (item.contentType !== 'Attachment') continue;
      const attachment = session.attachments.get(item.attachment.id);
      if (attachment) attachment.state = 'sent';
    }
    storeInbound(state, session, connection, body, tracingId);
  }
  if (effect?.kind === 'error') return { code: effect.code, text: effect.text };
  if (effect?.kind === 'drop' && effect.point === 'after-store') cutConnection(connection);
  const steps = stepsAfter(state, 'message', input.message.text);
  sendEcho(state, call, body, steps.length > 0 && known === undefined, (echoAfterMs) =>
    known === undefined ? runSteps(state, session, steps, echoAfterMs) : echoAfterMs,
  );
  if (effect?.kind === 'drop' && effect.point === 'after-echo') cutBehind(state, connection);
}

/** @param answer runs the script. It gives the time of the last answer. */
function sendEcho(
  state: ChannelState,
  { session, tracingId, effect }: MessageCall,
  body: MessageBody,
  hasAnswer: boolean,
  answer: (echoAfterMs: number) => number,
): void {
  const { delayMs: range, type } = state.settings.echo;
  const delayMs = range.min + state.random() * (range.max - range.min);
  const frame = structuredMessage(body, tracingId, type);
  const chosen = state.disorder.ofEcho();
  const lateMs = effect?.kind === 'delay-echo' ? effect.ms : chosen.lateMs;
  const fate = { ...chosen, lateMs, isLost: chosen.isLost || effect?.kind === 'lose-echo' };
  if (!fate.isLost) session.counters.echoes += 1;
  if (hasAnswer && state.disorder.echoComesAfterAnswer()) {
    const answerAfterMs = answer(0);
    // At the same moment as the last answer, and behind it: it was scheduled later.
    state.timeline.after(answerAfterMs, () => fanOut(state, session, frame, { fate }));
    return;
  }
  fanOut(state, session, frame, { delayMs, fate });
  answer(delayMs);
}

function bodyOf(state: ChannelState, { session, input }: MessageCall): MessageBody {
  const { message } = input;
  const { type = 'Text', text, metadata, content = [] } = message;
  const { messageId: source, deduplicateBy } = state.settings.echo;
  const isKept = source === 'client' || deduplicateBy === 'messageId';
  const messageId = isKept ? message.channel?.messageId : undefined;
  const shown = content.map((item) =>
    item.contentType === 'Attachment' ? attachmentContent(session, item.attachment.id) : item,
  );
  const attributes = attributesOf(state, input);
  return inboundBody(
    state,
    session,
    { type: type === 'Structured' ? 'Structured' : 'Text', text, metadata, content: shown },
    { attributes, messageId },
  );
}

function attributesOf(
  { settings }: ChannelState,
  { message, channel }: { message: GuestMessage; channel?: GuestMessage['channel'] },
): Record<string, string> | undefined {
  const legacy =
    settings.echo.legacyAttributes === 'accept' ? channel?.metadata?.customAttributes : undefined;
  return message.channel?.metadata?.customAttributes ?? legacy;
}

/** The message that this one repeats, if the settings make the platform look for it. */
function duplicateOf({ settings }: ChannelState, call: MessageCall): MessageBody | undefined {
  const { session, tracingId, input } = call;
  const { deduplicateBy } = settings.echo;
  if (deduplicateBy === 'tracingId' && tracingId !== undefined) {
    return session.log.find((stored) => stored.tracingId === tracingId)?.body;
  }
  const messageId = input.message.channel?.messageId;
  if (deduplicateBy !== 'messageId' || messageId === undefined) return undefined;
  return session.history.find(({ channel }) => channel.messageId === messageId);
}
