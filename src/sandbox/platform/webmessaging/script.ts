import { randomUUID } from 'node:crypto';
import { disconnect, say } from './conversation.ts';
import { type Content, outboundBody } from './messages.ts';
import type { Session } from './model.ts';
import type { Rule, Step } from './script-schema.ts';
import type { ChannelState } from './state.ts';

/** The steps that follow on what a guest did. Empty: the script has nothing to say. */
export function stepsAfter(
  { settings }: ChannelState,
  on: Rule['on'],
  text: string | undefined,
): readonly Step[] {
  const rule = settings.script.find((each) => each.on === on && matches(each, text ?? ''));
  return rule?.steps ?? [];
}

/** Runs steps one after the other. @returns the time from now to the last one */
export function runSteps(
  state: ChannelState,
  session: Session,
  steps: readonly Step[],
  startAfterMs: number,
): number {
  const { conversationId } = session;
  let afterMs = startAfterMs;
  for (const step of steps) {
    afterMs += step.afterMs;
    state.timeline.after(afterMs, () => {
      // The guest has cleared the conversation, or has begun another one.
      if (session.conversationId !== conversationId || session.state !== 'open') return;
      runStep(state, session, step);
    });
  }
  return afterMs;
}

function runStep(state: ChannelState, session: Session, step: Step): void {
  if (step.kind === 'disconnect') {
    disconnect(state, session, step.from);
    return;
  }
  const body = outboundBody(state, contentOf(step), step.from);
  say(state, session, body, step.kind !== 'typing');
}

function contentOf(step: Exclude<Step, { kind: 'disconnect' }>): Content {
  switch (step.kind) {
    case 'text':
      return { type: 'Text', text: step.text };
    case 'typing': {
      const typing = { type: step.type, ...(step.type === 'On' && { duration: step.durationMs }) };
      return { type: 'Event', events: [{ eventType: 'Typing', typing }] };
    }
    case 'structured':
      return { type: 'Structured', text: step.text, content: step.content };
    case 'attachment':
      return { type: 'Text', text: step.text, content: [attachmentOf(step)] };
  }
}

function attachmentOf({ filename, mime, fileSize }: Extract<Step, { kind: 'attachment' }>): unknown {
  const id = randomUUID();
  const url = `https://files.sandbox.invalid/${id}`;
  return {
    contentType: 'Attachment',
    attachment: { id, url, filename, fileSize, mime, mediaType: mediaTypeOf(mime) },
  };
}

/** The kind of a file that messages name beside its media type. */
export function mediaTypeOf(mime: string): 'Image' | 'Video' | 'Audio' | 'File' {
  if (mime.startsWith('image/')) return 'Image';
  if (mime.startsWith('video/')) return 'Video';
  return mime.startsWith('audio/') ? 'Audio' : 'File';
}

function matches({ equals, contains }: Rule, text: string): boolean {
  if (equals !== undefined && text !== equals) return false;
  return contains === undefined || text.includes(contains);
}
