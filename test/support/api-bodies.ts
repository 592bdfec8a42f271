import type { components } from './api-types.ts';

/** One body for each address of jobs, with the types of the API document. */

type Schemas = components['schemas'];

export const message: Schemas['MessageInput'] = {
  tenantId: 'acme',
  guestId: 'guest-1',
  conversationId: 'conv-1',
  body: { contentType: 'text/plain', content: 'Hello' },
};

export const card: Schemas['CardInput'] = {
  tenantId: 'acme',
  conversationId: 'conv-1',
  template: { id: 'order-confirmation-v2' },
  fields: { title: 'Order Confirmation', actions: [{ label: 'Track Order', value: 'track:12345' }] },
};

export const embed: Schemas['EmbedInput'] = {
  tenantId: 'acme',
  widgetId: 'a1b2c3d4-e5f6-7890-abcd-ef1234567890',
  locales: { 'en-US': 'en' },
};

export const rollout: Schemas['RolloutInput'] = {
  tenantId: 'acme',
  organizationIds: ['org-01', 'org-02'],
  configuration: {
    brandColor: '#0052CC',
    fontSizePx: 16,
    greetings: ['Hello, how can we assist you?'],
    availabilityRules: [{ dayOfWeek: 'MONDAY', startTime: '09:00', endTime: '17:00' }],
    featureFlags: { enableFileUpload: true },
    audienceSegments: ['premium_customers'],
  },
};

export const deployment: Schemas['DeploymentInput'] = {
  tenantId: 'acme',
  name: 'My Custom Styled Chat',
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

export const auditSync: Schemas['AuditSyncInput'] = { tenantId: 'acme', organizationIds: ['org-01'] };
