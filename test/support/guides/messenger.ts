/** A messenger of the dialect platform, as an administrator made it: configuration and deployment. */

/** A configuration with a value for every group that jobs change. `fields` replaces its own. */
export function messenger(fields: Readonly<Record<string, unknown>> = {}) {
  return {
    name: 'Web chat',
    description: 'The messenger of the shop',
    languages: ['en-us', 'de-de'],
    defaultLanguage: 'en-us',
    customI18nLabels: [
      { language: 'de-de', localizedLabels: [{ key: 'MessengerHomeHeaderTitle', value: 'Hallo' }] },
    ],
    messenger: {
      enabled: true,
      styles: { primaryColor: '#aa0000' },
      launcherButton: { visibility: 'Off' },
      homeScreen: { enabled: true, logoUrl: 'https://cdn.example/logo.png' },
      apps: { conversations: { enabled: true, showAgentTypingIndicator: true } },
    },
    position: { alignment: 'Left', sideSpace: 5, bottomSpace: 6 },
    ...fields,
  };
}

/** A deployment that is pinned to a version. */
export function deploymentOf(
  configuration: { readonly id: string; readonly version: string },
  name = 'Shop',
) {
  return { name, configuration, allowAllDomains: true, status: 'Active' };
}
