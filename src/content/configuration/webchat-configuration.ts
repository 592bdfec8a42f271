import { type Issue, pathTo, preview, quotedKey } from '../../core/issues.ts';
import { isRecord } from '../../core/json.ts';
import { mergeTrees, type Tree } from '../json/tree.ts';
import type { ContentPolicy } from '../policy/policy.ts';
import { type AvailabilityRule, availabilityIssues } from './availability.ts';
import { contrastRatio, isHexColor, MIN_CONTRAST, shownRatio } from './contrast.ts';

/** Greetings of one configuration. */
export const MAX_GREETINGS = 3;
/** Characters of one greeting. */
export const MAX_GREETING_LENGTH = 150;
/** Feature flags of one configuration, and its audience segments: our own limits. */
export const MAX_FLAGS = 50;
export const MAX_SEGMENTS = 100;
/** Names of feature flags and of audience segments. */
export const NAME = /^[a-zA-Z][\w.-]{0,63}$/;
/** The default background of the brand color (docs/guides.md#configuration-fields). */
export const DEFAULT_BACKGROUND = '#FFFFFF';

/**
 * The largest difference between a given ratio and the computed one. A documented example has 7.2
 * for #0052CC on white, and WCAG 2 gives 6.82 (docs/guides.md#configuration-fields). The ratio of
 * other colors usually differs by more.
 */
export const RATIO_TOLERANCE = 0.5;

/** A configuration of web messaging (docs/guides.md#configuration-fields). */
export interface WebchatConfiguration {
  readonly brandColor: string;
  readonly backgroundColor: string;
  /** The ratio that the producer expects. The worker sends the computed one. */
  readonly contrastRatio?: number | undefined;
  readonly fontSizePx: number;
  readonly greetings: readonly string[];
  readonly availabilityRules: readonly AvailabilityRule[];
  readonly featureFlags: Readonly<Record<string, boolean>>;
  readonly audienceSegments: readonly string[];
}

/** Constants of every configuration, for the fields that an organization lacks. */
export const DEFAULTS: Tree = {
  widget: {
    theme: { typography: { fontFamily: 'Inter, sans-serif' } },
    accessibility: { wcagLevel: 'AA', ariaLiveRegion: 'polite' },
  },
  greetings: { delayMs: 2000 },
  features: { dynamicRouting: true },
};

/** The settings of a configuration for an organization, with the names of Genesys Cloud. */
export function settingsOf(configuration: WebchatConfiguration): Tree {
  const { brandColor, backgroundColor, fontSizePx, greetings, featureFlags, audienceSegments } =
    configuration;
  return {
    widget: {
      theme: {
        colors: { primary: brandColor, background: backgroundColor },
        typography: { fontSize: `${fontSizePx}px` },
      },
      accessibility: { contrastRatio: rounded(contrastRatio(brandColor, backgroundColor)) },
    },
    greetings: { enabled: true, messages: greetings },
    availability: { schedule: 'custom', rules: configuration.availabilityRules.map(ruleTree) },
    features: { flags: featureFlags, audiences: audienceSegments },
  };
}

/**
 * The configuration of an organization with the settings of a rollout. A field that the settings do
 * not name stays. `DEFAULTS` has the fields that the organization lacks.
 */
export function withSettings(current: Tree, settings: Tree): Tree {
  return mergeTrees(mergeTrees(DEFAULTS, current), settings);
}

/**
 * Every issue of a configuration beyond the types of its fields.
 * @param raw any value, as it came in.
 * @param path that of the configuration in the input.
 */
export function configurationIssues(raw: unknown, path: string, policy: ContentPolicy): Issue[] {
  if (!isRecord(raw)) return [];
  return [
    ...contrastIssues(raw, path),
    ...availabilityIssues(raw['availabilityRules'], pathTo(path, 'availabilityRules')),
    ...flagIssues(raw['featureFlags'], pathTo(path, 'featureFlags'), policy),
  ];
}

function contrastIssues(raw: Readonly<Record<string, unknown>>, path: string): Issue[] {
  const { brandColor, backgroundColor = DEFAULT_BACKGROUND, contrastRatio: given } = raw;
  if (!isHexColor(brandColor) || !isHexColor(backgroundColor)) return [];
  const ratio = contrastRatio(brandColor, backgroundColor);
  const issues: Issue[] = [];
  if (ratio < MIN_CONTRAST) {
    const message = `expected a contrast of at least ${MIN_CONTRAST} to the background, got ${shownRatio(ratio)}`;
    issues.push({ path: pathTo(path, 'brandColor'), message });
  }
  if (typeof given === 'number' && Math.abs(given - ratio) > RATIO_TOLERANCE) {
    const message = `expected the contrast of the two colors, ${rounded(ratio)}, or no ratio at all`;
    issues.push({ path: pathTo(path, 'contrastRatio'), message });
  }
  return issues;
}

function flagIssues(flags: unknown, path: string, policy: ContentPolicy): Issue[] {
  if (!isRecord(flags)) return [];
  const entries = Object.entries(flags);
  if (entries.length > MAX_FLAGS) {
    return [{ path, message: `expected at most ${MAX_FLAGS} feature flags, got ${entries.length}` }];
  }
  return entries.flatMap(([name, value]) => {
    if (!NAME.test(name)) {
      const message = `expected names of at most 64 letters, digits, "_", "." and "-", a letter first, got ${quotedKey(name)}`;
      return [{ path, message }];
    }
    const blocked = policy.violation('text/plain', name);
    if (blocked !== undefined) return [{ path: pathTo(path, name), message: blocked }];
    if (typeof value === 'boolean') return [];
    return [{ path: pathTo(path, name), message: `expected true or false, got ${preview(value)}` }];
  });
}

function ruleTree({ dayOfWeek, startTime, endTime, timeZone }: AvailabilityRule): Tree {
  return { dayOfWeek, startTime, endTime, ...(timeZone !== undefined && { timeZone }) };
}

function rounded(ratio: number): number {
  return Math.round(ratio * 100) / 100;
}
