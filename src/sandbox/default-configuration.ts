import type { Configuration } from './configuration.ts';

/**
 * What an organization has before anybody configured it. Some of it the guide's payload does not know, and some of the
 * guide's payload it lacks.
 */
export const DEFAULT_CONFIGURATION: Configuration = {
  widget: {
    theme: {
      colors: { primary: '#FF4F1F', background: '#FFFFFF' },
      typography: { fontSize: '14px' },
    },
    launcher: { label: 'Chat with us', icon: null },
  },
  greetings: { enabled: true, messages: ['Welcome'] },
  availability: { schedule: 'always', rules: [] },
  features: { flags: { enableTypingIndicator: true }, audiences: [] },
};
