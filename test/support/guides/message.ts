/**
 * The example of the guide on messages (docs/guides.md#send-a-message): the job, the request that
 * Genesys Cloud gets, and its answer.
 */

const body = { contentType: 'text/plain' as const, content: 'Validated transmission payload' };
const addresses = {
  from: { id: 'guest-abc-123', type: 'user' },
  to: { id: 'conv-def-456', type: 'conversation' },
};

/** The job of a producer; `fields` replaces its own. */
export function message<Fields extends object>(fields?: Fields) {
  return { tenantId: 'acme', guestId: 'guest-abc-123', conversationId: 'conv-def-456', body, ...fields };
}

/** The body of a message with this text. */
export function text(content: string) {
  return { contentType: 'text/plain' as const, content };
}

export const guideMessage = {
  ...addresses,
  body,
  metadata: { readReceipt: true, transmissionTimestamp: '2024-01-15T10:30:00Z' },
};

export const guideAnswer = {
  id: 'msg-001-transmitted',
  ...addresses,
  body,
  sentTime: '2024-01-15T10:30:00.123Z',
  deliveryStatus: 'delivered',
};
