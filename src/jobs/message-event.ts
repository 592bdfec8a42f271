import { z } from 'zod';
import { seen } from '../content/fields/declarations.ts';
import type { Issue } from '../core/issues.ts';
import { isRecord } from '../core/json.ts';
import { listOf, textOf } from '../core/shapes.ts';
import { id } from './fields.ts';
import { EVENTS, type EventName } from './routes.ts';

/** Longest text and payload of a click, in characters. A limit of ours. */
const MAX_CLICK = 2000;
const MAX_REASONS = 10;

/** The platform takes no more than the fact that the guest writes. */
const typing = z.strictObject({});

/** Why a message did not reach the guest (docs/platform.md#events). */
const RECEIPT_REASONS = [
  'MessageExpired',
  'RateLimited',
  'MessageNotAllowed',
  'GeneralError',
  'UnsupportedMessage',
  'UnknownMessage',
  'InvalidMessageStructure',
  'InvalidDestination',
  'ServerError',
  'MediaTypeNotAllowed',
  'InvalidMediaContentLength',
  'RecipientOptedOut',
  'DataFiltered',
] as const;

export type ReceiptReason = (typeof RECEIPT_REASONS)[number];

const reason = z.strictObject({
  code: z.enum(RECEIPT_REASONS).optional(),
  message: seen.plainText(textOf({ min: 1, max: 500 })),
});

const receipt = z.strictObject({
  /** The message of the organization that the receipt is about. */
  messageId: id,
  status: z.enum(['Sent', 'Delivered', 'Failed', 'Published', 'Removed']),
  reasons: listOf(reason, { max: MAX_REASONS }).default([]),
  /** Whether no other receipt of the message follows. */
  isFinal: z.boolean().optional(),
});

/** A guest's click on a button of a card, on a quick reply, or in a date picker. */
const click = z.strictObject({
  type: z.enum(['Button', 'QuickReply', 'DatePicker']),
  text: seen.plainText(textOf({ min: 1, max: MAX_CLICK })),
  payload: seen.plainText(textOf({ min: 1, max: MAX_CLICK })),
  /** The message that has the button. */
  originatingMessageId: id,
});

/** What a guest did besides writing: exactly one of the three, see {@link eventIssues}. */
export const messageEvent = z.strictObject({
  typing: typing.optional(),
  receipt: receipt.optional(),
  click: click.optional(),
});

export type MessageEvent = z.output<typeof messageEvent>;

/** The name of an event. */
export function eventName(event: MessageEvent): EventName | undefined {
  return EVENTS.find((name) => event[name] !== undefined);
}

/** @param event as it came in. The contract reports a value that is no object. */
export function eventIssues(event: unknown): Issue[] {
  if (!isRecord(event)) return [];
  const named = EVENTS.filter((name) => event[name] !== undefined);
  if (named.length === 1) return [];
  const message = `expected exactly one of ${EVENTS.join(', ')}, got ${named.length}`;
  return [{ path: 'event', message }];
}
