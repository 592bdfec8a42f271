import { textToSend } from '../src/content/message/check-text.ts';
import { done } from '../src/core/outcome.ts';
import type { GenesysClient } from '../src/genesys/client.ts';
import { guest } from '../src/genesys/dialects/guest/guest.ts';
import { sendToGuest } from '../src/genesys/guest-session.ts';
import type { MessageTransmission } from '../src/jobs/message-transmission.ts';
import type { Handler } from '../src/runtime/handler.ts';
import { requestContext } from './request-context.ts';

/**
 * Sends one guest message to its conversation (docs/guides.md#send-a-message). HTML is written anew
 * from what the worker parsed.
 */
export function messageTransmission(genesys: GenesysClient): Handler<MessageTransmission> {
  return async function transmit(job) {
    const { tenant, data, sequence } = job;
    const { contentType, content } = data.body;
    const body = { contentType, content: textToSend(contentType, content) };
    const startedMs = performance.now();
    const { messageId } = await sendToGuest(genesys, {
      tenant,
      operation: guest.sendMessage,
      input: { ...data, body },
      sessionId: data.conversationId,
      context: { ...requestContext(job), sequence },
    });
    return done({ messageId, requestMs: Math.round(performance.now() - startedMs) });
  };
}
