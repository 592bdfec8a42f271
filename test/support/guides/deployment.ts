/**
 * The example of the guide on deployments (docs/guides.md#deployment-fields): the rollout, and the
 * deployment that Genesys Cloud gets.
 */

const name = 'My Custom Styled Chat';
const launcher = {
  position: 'bottom-right' as const,
  horizontalOffset: 20,
  verticalOffset: 20,
  show: true,
};
const widget = {
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
};

/** The content of the rollout, with its defaults filled in. */
export const deploymentContent = {
  name,
  status: 'active' as const,
  language: 'en-US',
  launcher,
  widget,
};

/** A rollout; `fields` replaces its own. */
export function deploymentRollout(fields: Readonly<Record<string, unknown>> = {}) {
  return { tenantId: 'acme', name, launcher, widget, ...fields };
}

/** The window of that deployment; `fields` replaces its own. */
export function widgetOf(fields: Readonly<Record<string, unknown>> = {}) {
  return { ...widget, ...fields };
}

/** A deployment with every documented field. */
export const guideDeployment = {
  name,
  properties: { launcher: { ...launcher, icon: null }, widget, active: true, language: 'en-US' },
};

/** The first theme of the guide: white on #FF5733 has too little contrast. */
export const paleTheme = {
  primaryColor: '#FF5733',
  secondaryColor: '#FFFFFF',
  buttonTextColor: '#FFFFFF',
  widgetBackgroundColor: '#F4F4F4',
  widgetTextColor: '#333333',
  headerBackgroundColor: '#FF5733',
  headerTextColor: '#FFFFFF',
};
