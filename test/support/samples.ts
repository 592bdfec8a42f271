/** A valid message (docs/guides.md#send-a-message). `fields` replaces its fields. */
export function message<Fields extends object>(fields?: Fields) {
  return {
    tenantId: 'acme',
    guestId: 'guest-abc-123',
    conversationId: 'conv-def-456',
    body: { contentType: 'text/plain' as const, content: 'Validated transmission payload' },
    ...fields,
  };
}

/** Fields of a sample card (docs/guides.md#send-a-card). */
export const cardFields = {
  title: 'Order Confirmation',
  description: 'Your order has been processed successfully.',
  actions: [
    { label: 'Track Order', type: 'postback', value: 'track:12345' },
    { label: 'Contact Support', type: 'webchat', value: 'support' },
  ],
};

/** A valid card. `fields` replaces its fields. */
export function card<Fields extends object>(fields?: Fields) {
  return {
    tenantId: 'acme',
    conversationId: 'conv-def-456',
    template: { id: 'order-confirmation-v2' },
    fields: cardFields,
    ...fields,
  };
}

/** The body of a message with this text. */
export function text(content: string) {
  return { contentType: 'text/plain' as const, content };
}
