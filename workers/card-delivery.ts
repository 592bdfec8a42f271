import { buildCard } from '../src/content/card/card.ts';
import { uuidOf } from '../src/core/ids.ts';
import { done } from '../src/core/outcome.ts';
import type { GenesysClient } from '../src/genesys/client.ts';
import { guest } from '../src/genesys/dialects/guest/guest.ts';
import { sendToGuest } from '../src/genesys/guest-session.ts';
import type { CardDelivery } from '../src/jobs/card-delivery.ts';
import type { Handler } from '../src/runtime/handler.ts';
import { requestContext } from './request-context.ts';

/**
 * Builds one card, sanitizes every text in it, and sends it to its conversation
 * (docs/guides.md#send-a-card).
 */
export function cardDelivery(genesys: GenesysClient): Handler<CardDelivery> {
  return async function deliverCard(job) {
    const { tenant, data, sequence } = job;
    const { conversationId, sessionId = conversationId, template } = data;
    // The id of the card comes from the job, so every attempt sends the same one.
    const card = buildCard(data, uuidOf(job.jobId));
    const startedMs = performance.now();
    await sendToGuest(genesys, {
      tenant,
      operation: guest.sendCard,
      input: { conversationId, card },
      sessionId,
      context: { ...requestContext(job), sequence },
    });
    const requestMs = Math.round(performance.now() - startedMs);
    return done({ messageId: card.messageId, templateId: template.id, requestMs });
  };
}
