import { pathTo } from '../../core/issues.ts';
import { mergeTrees, type Tree } from '../json/tree.ts';
import type { DeploymentContent } from './deployment.ts';
import { DEFAULT_BACKGROUND, type WebchatConfiguration } from './webchat-configuration.ts';

/**
 * The fields of jobs as fields of a messenger's configuration. What has no counterpart there is named,
 * so that no field gets lost in silence (docs/platform.md#fields).
 */

/** The settings of a job, and its fields without a counterpart. */
export interface Mapped {
  readonly settings: Tree;
  /** Paths in the job. */
  readonly unsupported: readonly string[];
}

const CONVERSATIONS = ['messenger', 'apps', 'conversations'] as const;

/** Each feature flag that is a switch of the configuration, and where the switch is. */
export const SWITCHES: Readonly<Record<string, readonly string[]>> = {
  enableFileUpload: ['messenger', 'fileUpload', 'enableAttachments'],
  fileUpload: ['messenger', 'fileUpload', 'enableAttachments'],
  enableRichText: [...CONVERSATIONS, 'markdown', 'enabled'],
  markdown: [...CONVERSATIONS, 'markdown', 'enabled'],
  messenger: ['messenger', 'enabled'],
  homeScreen: ['messenger', 'homeScreen', 'enabled'],
  conversations: [...CONVERSATIONS, 'enabled'],
  showAgentTypingIndicator: [...CONVERSATIONS, 'showAgentTypingIndicator'],
  showUserTypingIndicator: [...CONVERSATIONS, 'showUserTypingIndicator'],
  autoStart: [...CONVERSATIONS, 'autoStart', 'enabled'],
  conversationDisconnect: [...CONVERSATIONS, 'conversationDisconnect', 'enabled'],
  conversationClear: [...CONVERSATIONS, 'conversationClear', 'enabled'],
  humanize: [...CONVERSATIONS, 'humanize', 'enabled'],
  notifications: [...CONVERSATIONS, 'notifications', 'enabled'],
  headlessMode: ['headlessMode', 'enabled'],
  cobrowse: ['cobrowse', 'enabled'],
  journeyEvents: ['journeyEvents', 'enabled'],
};

/** The colors of a deployment besides the primary one. */
const OTHER_COLORS = [
  'secondaryColor',
  'buttonTextColor',
  'widgetBackgroundColor',
  'widgetTextColor',
  'headerBackgroundColor',
  'headerTextColor',
] as const;

/** A configuration for organizations. `contrastRatio` is a check of ours, so it is not unsupported. */
export function mappedConfiguration(configuration: WebchatConfiguration): Mapped {
  const { brandColor, backgroundColor, availabilityRules, featureFlags, audienceSegments } = configuration;
  const flags = Object.entries(featureFlags);
  const isKnown = (name: string) => Object.hasOwn(SWITCHES, name);
  const settings = flags
    .filter(([name]) => isKnown(name))
    .reduce<Tree>(
      (tree, [name, isOn]) => mergeTrees(tree, treeAt(SWITCHES[name] ?? [], isOn)),
      treeAt(['messenger', 'styles', 'primaryColor'], sixDigits(brandColor)),
    );
  const unsupported = [
    // The contract fills the default in, so that it asks for nothing.
    ...(sixDigits(backgroundColor) === DEFAULT_BACKGROUND.toLowerCase() ? [] : ['backgroundColor']),
    'fontSizePx',
    'greetings',
    ...(availabilityRules.length > 0 ? ['availabilityRules'] : []),
    ...flags.filter(([name]) => !isKnown(name)).map(([name]) => pathTo('featureFlags', name)),
    ...(audienceSegments.length > 0 ? ['audienceSegments'] : []),
  ];
  return { settings, unsupported: unsupported.map((field) => `configuration.${field}`) };
}

/** The look, the language and the texts of a deployment, which its configuration has. */
export function mappedDeployment({ language, launcher, widget }: DeploymentContent): Mapped {
  const { position, horizontalOffset, verticalOffset, show, icon } = launcher;
  const tag = language.toLowerCase();
  const [side, corner] = position.split('-');
  const isBottom = side === 'bottom';
  const labels = [
    { key: 'MessengerHomeHeaderTitle', value: widget.title },
    { key: 'MessengerHomeHeaderSubTitle', value: widget.welcomeMessage },
  ].filter(({ value }) => value !== '');
  return {
    settings: {
      languages: [tag],
      defaultLanguage: tag,
      customI18nLabels: [{ language: tag, localizedLabels: labels }],
      messenger: {
        styles: { primaryColor: sixDigits(widget.theme.primaryColor) },
        launcherButton: {
          visibility: show ? 'On' : 'Off',
          ...(icon && { displayType: 'Icon', icon: { url: icon } }),
        },
      },
      position: {
        ...(isBottom && { alignment: corner === 'right' ? 'Right' : 'Left' }),
        sideSpace: horizontalOffset,
        bottomSpace: verticalOffset,
      },
    },
    unsupported: [
      ...(isBottom ? [] : ['launcher.position']),
      ...(widget.autoOpen ? ['widget.autoOpen'] : []),
      ...OTHER_COLORS.map((color) => `widget.theme.${color}`),
    ],
  };
}

/** A color with six digits, in lower case: three digits are refused there. */
function sixDigits(color: string): string {
  const digits = color.slice(1).toLowerCase();
  return `#${digits.length === 3 ? digits.replace(/./g, '$&$&') : digits}`;
}

function treeAt(path: readonly string[], value: Tree[string]): Tree {
  return path.reduceRight<Tree[string]>((held, key) => ({ [key]: held }), value) as Tree;
}
