import { z } from 'zod';
import { checked } from '../../../core/checked.ts';
import type { ErrorCode } from '../../../core/errors.ts';
import { genesysId } from '../../read-answer.ts';

/** A message that Genesys Cloud took. */
export interface Sent {
  /** Id that Genesys Cloud gave the message; null if the answer had none, as a 202 may. */
  readonly messageId: string | null;
  /** Its conversation at Genesys Cloud; absent if the answer does not name it. */
  readonly conversationId?: string;
}

const answerSchema = z.looseObject({
  id: genesysId.optional().catch(undefined),
  conversationId: genesysId.optional().catch(undefined),
});

/** Reads the answer of a request that delivered something. It never fails: the message was taken. */
export function readSent(answer: unknown): Sent {
  const parsed = checked(answerSchema, answer);
  const { id = null, conversationId } = parsed.ok ? parsed.data : {};
  return { messageId: id, ...(conversationId !== undefined && { conversationId }) };
}

/**
 * The codes of error bodies of all operations on messages, beside those of every operation. Where
 * the list has none, the status decides.
 */
export const MESSAGE_CODES: Readonly<Record<string, ErrorCode>> = {
  'max.length.exceeded': 'CONTENT_REFUSED',
  'media.too.large': 'CONTENT_REFUSED',
  'missing.open.channel.date': 'CONTENT_REFUSED',
  'invalid.webmessaging.text.body': 'CONTENT_REFUSED',
  'invalid.whatsapp.address': 'CONTENT_REFUSED',
  'response.missing.apple.invitation': 'CONTENT_REFUSED',
  // A 400 has this code for a file or a message that it names.
  'not.found': 'NOT_FOUND',
  // The token is that of a person, and no grant of client credentials.
  'not.a.client': 'GENESYS_REFUSED',
  'active.conversation': 'CONFLICT',
  'existing.conversation': 'CONFLICT',
};
