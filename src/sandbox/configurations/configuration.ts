/** The settings of an organization. Any field beyond the known ones is allowed. */
export type Configuration = Readonly<Record<string, unknown>>;

/**
 * The configuration of an organization before its first write. It lacks some fields of
 * docs/guides.md#configuration-fields, and has some others.
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

/** The fields that the API adds to a configuration. A configuration cannot have its own. */
const ADDED_FIELDS = ['organizationId', 'version', 'lastModified'];

/** Removes the fields that the API adds. A client may send them back with a write. */
export function keptConfiguration(configuration: Configuration): Configuration {
  return Object.fromEntries(Object.entries(configuration).filter(([name]) => !ADDED_FIELDS.includes(name)));
}

/** Applies changes to a configuration. It merges objects, and replaces lists and other values. */
export function mergeConfiguration(configuration: Configuration, changes: Configuration): Configuration {
  // The recursion is bounded: body.ts refuses a body that is nested too deep.
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
