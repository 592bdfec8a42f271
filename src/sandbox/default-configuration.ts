import type { Configuration } from './configuration.ts';

/** What an organization has before anybody configured it. Some of it the guide's payload does not know. */
export const DEFAULT_CONFIGURATION: Configuration = {
  widget: {
    theme: {
      colors: { primary: '#FF4F1F', background: '#FFFFFF' },
      typography: { fontSize: '16px', fontFamily: 'Roboto, sans-serif' },
    },
    accessibility: { wcagLevel: 'AA', contrastRatio: 4.5, ariaLiveRegion: 'polite' },
    launcher: { label: 'Chat with us', icon: null },
  },
  greetings: { enabled: true, messages: ['Welcome'], delayMs: 0 },
  availability: { schedule: 'always', rules: [] },
  features: { flags: { enableTypingIndicator: true }, audiences: [], dynamicRouting: false },
};
