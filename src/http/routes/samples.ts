/** Examples of the API document. Tests send each of them. */

export const message = {
  tenantId: 'acme',
  guestId: 'guest-abc-123',
  conversationId: 'conv-def-456',
  body: { contentType: 'text/plain', content: 'How do I link my replacement card?' },
  idempotencyKey: 'crm-4711',
};

export const card = {
  tenantId: 'acme',
  conversationId: 'conv-def-456',
  template: { id: 'order-confirmation-v2' },
  fields: {
    title: 'Order Confirmation',
    description: 'Your order has been processed successfully.',
    actions: [
      { label: 'Track Order', type: 'postback', value: 'track:12345' },
      { label: 'Contact Support', type: 'webchat', value: 'support' },
    ],
  },
  idempotencyKey: 'order-12345-confirmed',
};

export const embed = {
  tenantId: 'acme',
  widgetId: 'a1b2c3d4-e5f6-7890-abcd-ef1234567890',
  locales: { 'en-US': 'en', 'es-ES': 'es' },
  customAttributes: { source: 'marketing_campaign' },
};

export const rollout = {
  tenantId: 'acme',
  organizationIds: ['org-01', 'org-02'],
  configuration: {
    brandColor: '#0052CC',
    contrastRatio: 7.2,
    fontSizePx: 16,
    greetings: ['Hello, how can we assist you?'],
    availabilityRules: [{ dayOfWeek: 'MONDAY', startTime: '09:00', endTime: '17:00' }],
    featureFlags: { enableFileUpload: true, enableRichText: false },
    audienceSegments: ['premium_customers'],
  },
};

export const rollback = { tenantId: 'acme', rollback: 'j5f0c2d9e8b7a4f6c9d8e7b6a5f4c3d2e' };

export const deployment = {
  tenantId: 'acme',
  name: 'My Custom Styled Chat',
  language: 'en-US',
  launcher: { position: 'bottom-right', horizontalOffset: 20, verticalOffset: 20, show: true },
  widget: {
    title: 'Tech Support Chat',
    welcomeMessage: 'Hi there! An agent will be with you shortly.',
    autoOpen: false,
    theme: {
      primaryColor: '#0056b3',
      secondaryColor: '#ffffff',
      buttonTextColor: '#ffffff',
      widgetBackgroundColor: '#f8f9fa',
      widgetTextColor: '#212529',
      headerBackgroundColor: '#0056b3',
      headerTextColor: '#ffffff',
    },
  },
};

export const auditSync = { tenantId: 'acme', organizationIds: ['org-01', 'org-02'] };

const ID = 'k3q7x5m2c6v4b8n1z9l0p3o7i5u2y4t6r';

export const jobLinks = {
  self: `/v1/jobs/${ID}`,
  events: `/v1/jobs/${ID}/events`,
  cancel: `/v1/jobs/${ID}`,
  retry: `/v1/jobs/${ID}/retry`,
};

export const acceptedJob = { id: ID, ids: [ID], status: 'accepted', links: jobLinks };
