import { cardAsText } from '../../src/content/card/card-as-text.ts';
import { done } from '../../src/core/outcome.ts';
import type { CardDelivery } from '../../src/jobs/card-delivery.ts';
import type { Handler } from '../../src/runtime/handler.ts';
import type { Senders } from './messages.ts';
import { requiredRoute } from './route.ts';

/**
 * Sends the text of a card to the guest: no operation of the platform sends a card
 * (docs/platform.md#cards).
 */
export function platformCards(senders: Senders): Handler<CardDelivery> {
  return async function deliverText(job) {
    const { tenant, data } = job;
    const { guestId, conversationId, communicationId, template } = data;
    const startedMs = performance.now();
    const message = { guestId, conversationId, communicationId, text: cardAsText(data) };
    const sending = await senders[requiredRoute(tenant, data.route)](job, message);
    if (sending.kind === 'snooze') return sending;
    const { messageId, conversationId: conversation } = sending;
    return done({
      messageId,
      templateId: template.id,
      requestMs: Math.round(performance.now() - startedMs),
      ...(conversation !== undefined && { conversationId: conversation }),
    });
  };
}
