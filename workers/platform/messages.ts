import { plainTextOf } from '../../src/content/html/plain-text.ts';
import { textToSend } from '../../src/content/message/check-text.ts';
import { CodedError } from '../../src/core/errors.ts';
import { done } from '../../src/core/outcome.ts';
import type { MessageTransmission } from '../../src/jobs/message-transmission.ts';
import { type Route, routeOf } from '../../src/jobs/routes.ts';
import type { Handler, JobContext } from '../../src/runtime/handler.ts';
import { requiredRoute } from './route.ts';
import type { OutgoingMessage, Sender } from './sender.ts';

/** How each route sends a message. */
export type Senders = Readonly<Record<Route, Sender>>;

/** Sends one message by the route of the job, or of its tenant (docs/platform.md#messages). */
export function platformMessages(senders: Senders): Handler<MessageTransmission> {
  return async function transmit(job) {
    const { tenant, data } = job;
    const route = requiredRoute(tenant, data.route);
    const startedMs = performance.now();
    const sending = await senders[route](job, outgoingOf(data, route));
    if (sending.kind === 'snooze') return sending;
    const { messageId, conversationId, requestMs = Math.round(performance.now() - startedMs) } = sending;
    return done({ messageId, requestMs, ...(conversationId !== undefined && { conversationId }) });
  };
}

/** Whether a message goes over the guest channel, whose sender saves each message before it leaves. */
export function isOfGuestChannel({
  tenant,
  data: { route },
}: Pick<JobContext<MessageTransmission>, 'tenant' | 'data'>): boolean {
  return tenant.dialect === 'platform' && routeOf(tenant, route) === 'webmessaging';
}

function outgoingOf(data: MessageTransmission, route: Route): OutgoingMessage {
  const { attachments, body, ...message } = data;
  const [file, ...others] = attachments;
  if (others.length > 0) throw tooManyFiles(route);
  return { ...message, text: plainText(body), file };
}

/** A producer with a tenants file makes a message of each file. */
function tooManyFiles(route: Route): CodedError {
  const message = `attachments: expected at most one on the route ${route}; give the tenants file to the producer, which makes a message of each`;
  return new CodedError('CAPABILITY_UNAVAILABLE', message);
}

/** The platform shows no HTML. */
function plainText({ contentType, content }: MessageTransmission['body']): string {
  return contentType === 'text/html' ? plainTextOf(textToSend(contentType, content)) : content;
}
