/** A sample rollout to two organizations. `fields` replaces its fields. */
export function configurationRollout(fields: Readonly<Record<string, unknown>> = {}) {
  return {
    tenantId: 'acme',
    organizationIds: ['ORG_ID_1', 'ORG_ID_2'],
    configuration: configurationOf(),
    ...fields,
  };
}

/** The configuration of the sample rollout. `fields` replaces its fields. */
export function configurationOf(fields: Readonly<Record<string, unknown>> = {}) {
  return {
    brandColor: '#0052CC',
    contrastRatio: 7.2,
    fontSizePx: 16,
    greetings: ['Hello, how can we assist you?', 'Welcome to support'],
    availabilityRules: [{ dayOfWeek: 'MONDAY', startTime: '09:00', endTime: '17:00' }],
    featureFlags: { enableFileUpload: true, enableRichText: false },
    audienceSegments: ['premium_customers', 'trial_users'],
    ...fields,
  };
}

/** A sample deployment. `fields` replaces its fields. */
export function deploymentRollout(fields: Readonly<Record<string, unknown>> = {}) {
  return {
    tenantId: 'acme',
    name: 'My Custom Styled Chat',
    launcher: { position: 'bottom-right', horizontalOffset: 20, verticalOffset: 20, show: true },
    widget: widgetOf(),
    ...fields,
  };
}

/** The widget of that deployment. */
export function widgetOf(fields: Readonly<Record<string, unknown>> = {}) {
  return {
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
    ...fields,
  };
}
