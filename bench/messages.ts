import { readFileSync } from 'node:fs';
import type { JobInput } from '../src/jobs/catalog.ts';

export type Message = JobInput<'message-transmission'>;

export interface MessagesOptions {
  readonly count: number;
  readonly tenantIds: readonly string[];
  /** The number of messages of one conversation. The sample data have four. */
  readonly perConversation: number;
}

/** The texts of the sample data: real sentences of customers of a bank. */
const texts = readFileSync(new URL('../examples/messages.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => (JSON.parse(line) as Message).body?.content ?? '');

/**
 * Generates the same messages in every run. Conversations take turns, as when many customers write
 * at the same time: first the first message of each conversation, then the second of each.
 */
export function* messages({ count, tenantIds, perConversation }: MessagesOptions): Generator<Message> {
  const conversations = Math.max(1, Math.ceil(count / perConversation));
  for (let index = 0; index < count; index++) {
    const conversation = index % conversations;
    yield {
      tenantId: tenantIds[conversation % tenantIds.length] ?? '',
      guestId: `guest-${conversation}`,
      conversationId: `conversation-${conversation}`,
      body: { contentType: 'text/plain', content: texts[index % texts.length] ?? '' },
    };
  }
}
