/**
 * The example of the guide on channel properties (docs/guides.md#configuration-fields): the rollout,
 * and the configuration that Genesys Cloud gets.
 */

const greetings = ['Hello, how can we assist you?', 'Welcome to support'];
const rules = [{ dayOfWeek: 'MONDAY' as const, startTime: '09:00', endTime: '17:00' }];
const flags = { enableFileUpload: true, enableRichText: false };
const audiences = ['premium_customers', 'trial_users'];

export const configurationFields = {
  brandColor: '#0052CC',
  contrastRatio: 7.2,
  fontSizePx: 16,
  greetings,
  availabilityRules: rules,
  featureFlags: flags,
  audienceSegments: audiences,
};

/** The configuration of the rollout; `fields` replaces its own. */
export function configurationOf(fields: Readonly<Record<string, unknown>> = {}) {
  return { ...configurationFields, ...fields };
}

/** A rollout to two organizations; `fields` replaces its own. */
export function configurationRollout(fields: Readonly<Record<string, unknown>> = {}) {
  return {
    tenantId: 'acme',
    organizationIds: ['ORG_ID_1', 'ORG_ID_2'],
    configuration: configurationOf(),
    ...fields,
  };
}

/** A configuration with every documented field. */
export const guideConfiguration = {
  widget: {
    theme: {
      colors: { primary: '#0052CC', background: '#FFFFFF' },
      typography: { fontSize: '16px', fontFamily: 'Inter, sans-serif' },
    },
    accessibility: { wcagLevel: 'AA', contrastRatio: 7.2, ariaLiveRegion: 'polite' },
  },
  greetings: { enabled: true, messages: greetings, delayMs: 2000 },
  availability: { schedule: 'custom', rules },
  features: { flags, audiences, dynamicRouting: true },
};

/** The same, with the contrast of its two colors by WCAG 2; the guide has another. */
export const sentConfiguration = {
  ...guideConfiguration,
  widget: {
    ...guideConfiguration.widget,
    accessibility: { ...guideConfiguration.widget.accessibility, contrastRatio: 6.82 },
  },
};
