import type { Card } from '../../content/card.ts';
import type { MessageTransmission } from '../../jobs/message-transmission.ts';

/**
 * One operation of Genesys Cloud: where it is, what it needs, and how our words become its words. Data and
 * small mappers; the client does the rest.
 */
export interface Operation<Input, Output> {
  /** Name in logs, metrics and messages. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** OAuth scope without which Genesys Cloud answers 403. */
  readonly scope: string;
  /** Headers besides those that every request has. */
  readonly headers?: Readonly<Record<string, string>>;
  path(input: Input): string;
  /** Body of the request; undefined: none. `now` is for time stamps. */
  body(input: Input, now: Date): unknown;
  /**
   * What we take from a 2xx answer. Must not fail on an unexpected body where the request delivered something: it
   * was accepted, and a failure here would send it again.
   */
  read(answer: unknown): Output;
}

export interface SentMessage {
  /** Id that Genesys Cloud gave the message; null when its answer had none. */
  readonly messageId: string | null;
}

/** A card on its way to a conversation. */
export interface AddressedCard {
  readonly conversationId: string;
  readonly card: Card;
}

export interface Session {
  readonly open: boolean;
}

/** What embedding needs to know of a widget. */
export interface Widget {
  readonly id: string;
  /** Name of its region, such as us-east-1; null when the answer does not say. */
  readonly environment: string | null;
  /** Names of what its configuration has switched on, as they came. */
  readonly features: readonly unknown[];
}

/** The set of endpoints a tenant is spoken to with. */
export interface Dialect {
  /** Scopes asked for with each token. */
  readonly scopes: readonly string[];
  readonly sendMessage: Operation<MessageTransmission, SentMessage>;
  readonly sendCard: Operation<AddressedCard, SentMessage>;
  readonly readSession: Operation<{ sessionId: string }, Session>;
  readonly readWidget: Operation<{ widgetId: string }, Widget>;
  /** Path of the script that a page loads to show the widget. */
  widgetScriptPath(widgetId: string): string;
}
