import { readFileSync } from 'node:fs';
import type { JobInput } from '../src/jobs/catalog.ts';

export type Message = JobInput<'message-transmission'>;

export interface MessagesOptions {
  readonly count: number;
  readonly tenantIds: readonly string[];
  /** Messages that one conversation has, one after the other among those of others; the sample data have four. */
  readonly perConversation: number;
}

/** The texts of the sample data: sentences that customers of a bank wrote. */
const texts = readFileSync(new URL('../examples/messages.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => (JSON.parse(line) as Message).body.content);

/**
 * As many messages as are asked for, the same in every run. Conversations take turns, as they do where many customers
 * write at a time: the first message of each, then the second of each.
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
