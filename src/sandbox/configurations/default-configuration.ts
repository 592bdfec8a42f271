import type { Configuration } from './configuration.ts';

/**
 * The configuration of an organization that no client has written yet. It has fields beside those
 * of docs/guides.md#configuration-fields, and lacks some of them.
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
