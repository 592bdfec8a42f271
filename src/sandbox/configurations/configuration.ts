/** What an administrator can set for an organization; beyond the known fields any other may be there. */
export type Configuration = Readonly<Record<string, unknown>>;

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

/** What the API adds to a configuration; a configuration cannot have fields of these names. */
const ADDED_FIELDS = ['organizationId', 'version', 'lastModified'];

/** A configuration as it is kept: without what the API adds, which a writer may have sent back. */
export function keptConfiguration(configuration: Configuration): Configuration {
  return Object.fromEntries(Object.entries(configuration).filter(([name]) => !ADDED_FIELDS.includes(name)));
}

/** The changes laid over a configuration: objects are merged; all else, lists too, takes the place. */
export function mergeConfiguration(configuration: Configuration, changes: Configuration): Configuration {
  // As deep as a body may be nested, and no deeper (body.ts).
  const merged = new Map(Object.entries(configuration));
  for (const [name, change] of Object.entries(changes)) {
    const present = merged.get(name);
    merged.set(name, isTree(present) && isTree(change) ? mergeConfiguration(present, change) : change);
  }
  return Object.fromEntries(merged);
}

function isTree(value: unknown): value is Configuration {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
