import { z } from 'zod';
import { isRecord } from '../input/json.ts';
import { type Parsed, parseInput, sentenceOf } from '../input/problems.ts';
import { auditSettings } from './audits/settings.ts';
import { configurationSettings } from './configurations/settings.ts';
import { deploymentSettings } from './deployments/settings.ts';
import { loginSettings } from './login/settings.ts';
import { messageSettings } from './messages/settings.ts';
import { organizationSettings } from './organization/settings.ts';
import { rateSettings, requestSettings } from './requests/settings.ts';

/**
 * The settings of the platform, one group for each subject. A group of a subject is in the file
 * `settings.ts` of its folder. A default is a number to test with. It is a fact of the platform
 * only where its comment says so.
 */
const settingsSchema = z.strictObject({
  login: loginSettings.prefault({}),
  rate: rateSettings.prefault({}),
  requests: requestSettings.prefault({}),
  organization: organizationSettings.prefault({}),
  messages: messageSettings.prefault({}),
  configurations: configurationSettings.prefault({}),
  deployments: deploymentSettings.prefault({}),
  audits: auditSettings.prefault({}),
});

/** All settings, each with a value. */
export type PlatformSettings = z.output<typeof settingsSchema>;

/** Some settings. An absent one has its default, or keeps its value in a change. */
export type PlatformOptions = z.input<typeof settingsSchema>;

/** The settings that are in effect. An operation reads them at each request. */
export interface SettingsHolder {
  readonly current: PlatformSettings;
  /** Changes the fields that are present, and keeps all others. It changes nothing after a problem. */
  change(changes: unknown): Parsed<PlatformSettings>;
}

/** Settings with their defaults for what `options` leaves out. @throws Error that lists every problem */
export function createSettings(options: PlatformOptions): SettingsHolder {
  const first = parseInput(settingsSchema, options);
  if (!first.ok) {
    throw new Error(['options.platform is not valid:', ...first.problems.map(sentenceOf)].join('\n  '));
  }
  let current = first.value;
  return {
    get current() {
      return current;
    },
    change(changes) {
      const parsed = parseInput(settingsSchema, merged(current, changes));
      if (parsed.ok) current = parsed.value;
      return parsed;
    },
  };
}

/** A group of `changes` replaces only the fields that it has. Anything else goes to the schema. */
function merged(current: PlatformSettings, changes: unknown): unknown {
  if (!isRecord(changes)) return changes;
  const groups: Record<string, unknown> = { ...current };
  for (const [name, change] of Object.entries(changes)) {
    const group = Object.hasOwn(groups, name) ? groups[name] : undefined;
    groups[name] = isRecord(group) && isRecord(change) ? { ...group, ...change } : change;
  }
  return groups;
}
