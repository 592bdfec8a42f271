/** The example of the guide on cards (docs/guides.md#send-a-card): the job, and the card that it makes. */

export const cardFields = {
  title: 'Order Confirmation',
  description: 'Your order has been processed successfully.',
  actions: [
    { label: 'Track Order', type: 'postback', value: 'track:12345' },
    { label: 'Contact Support', type: 'webchat', value: 'support' },
  ],
};

/** The job of a producer; `fields` replaces its own. */
export function card<Fields extends object>(fields?: Fields) {
  return {
    tenantId: 'acme',
    conversationId: 'conv-def-456',
    template: { id: 'order-confirmation-v2' },
    fields: cardFields,
    ...fields,
  };
}

/** The card that Genesys Cloud gets. */
export const guideCard = {
  messageId: '5e0b0d4e-8d1f-4a3c-9a52-0f6f3c0d4711',
  templateMatrix: {
    templateId: 'order-confirmation-v2',
    layoutEngine: 'flexbox',
    version: '2.1',
    fallbackBehavior: 'textOnly',
  },
  dynamicFields: cardFields,
  components: [
    { type: 'header', text: 'Order Confirmation', style: 'bold' },
    { type: 'body', text: 'Your order has been processed successfully.', markdown: true },
    {
      type: 'buttonGroup',
      buttons: [
        { label: 'Track Order', action: 'postback', payload: 'track:12345', style: 'primary' },
        { label: 'Contact Support', action: 'webchat', payload: 'support', style: 'primary' },
      ],
    },
  ],
};
