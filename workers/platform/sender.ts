import type { Snooze } from '../../src/core/outcome.ts';
import type { Sent } from '../../src/genesys/dialects/platform/sent.ts';
import type { MessageEvent } from '../../src/jobs/message-event.ts';
import type { MessageTransmission } from '../../src/jobs/message-transmission.ts';
import type { JobContext } from '../../src/runtime/handler.ts';

/** A message on its way to a route: checked, and with the text that the route takes. */
export interface OutgoingMessage {
  /** The guest; absent for the card of a conversation. */
  readonly guestId?: string | undefined;
  readonly conversationId: string;
  readonly communicationId?: string | undefined;
  /** Plain text; empty for an event, and for a file without words. */
  readonly text: string;
  readonly file?: MessageTransmission['attachments'][number] | undefined;
  readonly event?: MessageEvent | undefined;
  readonly customAttributes?: Readonly<Record<string, string>> | undefined;
}

/** A message that the platform took. */
export interface SentMessage extends Sent {
  /**
   * Duration of the request that delivered it, ms; null if another request has told it. The duration
   * of the whole sending if absent.
   */
  readonly requestMs?: number | null;
}

/** The message was sent, or the job waits for something before it can be. */
export type Sending = ({ readonly kind: 'sent' } & SentMessage) | Snooze;

/**
 * Sends one message by one route. A repeated run must not send it twice: a sender saves what the
 * next run must know.
 * @throws {CodedError}
 */
export type Sender = (job: JobContext<unknown>, message: OutgoingMessage) => Promise<Sending>;

/** The value of a sender whose message was taken. */
export function sent(message: SentMessage): Sending {
  return { kind: 'sent', ...message };
}
