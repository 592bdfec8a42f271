/** A configuration with every documented field (docs/guides.md#configuration-fields). */
export const guideConfiguration = {
  widget: {
    theme: {
      colors: { primary: '#0052CC', background: '#FFFFFF' },
      typography: { fontSize: '16px', fontFamily: 'Inter, sans-serif' },
    },
    accessibility: { wcagLevel: 'AA', contrastRatio: 7.2, ariaLiveRegion: 'polite' },
  },
  greetings: {
    enabled: true,
    messages: ['Hello, how can we assist you?', 'Welcome to support'],
    delayMs: 2000,
  },
  availability: {
    schedule: 'custom',
    rules: [{ dayOfWeek: 'MONDAY', startTime: '09:00', endTime: '17:00' }],
  },
  features: {
    flags: { enableFileUpload: true, enableRichText: false },
    audiences: ['premium_customers', 'trial_users'],
    dynamicRouting: true,
  },
};
