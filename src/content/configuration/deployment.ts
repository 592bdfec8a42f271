import type { Issue } from '../../core/issues.ts';
import { isRecord } from '../../core/json.ts';
import { contrastRatio, isHexColor, MIN_CONTRAST, shownRatio } from './contrast.ts';

/** Corners of the page. */
export const LAUNCHER_POSITIONS = ['bottom-right', 'bottom-left', 'top-right', 'top-left'] as const;

/**
 * The colors of a widget (docs/guides.md#deployment-fields), each as `#` and three or six
 * hexadecimal digits.
 */
export interface DeploymentTheme {
  readonly primaryColor: string;
  readonly secondaryColor: string;
  readonly buttonTextColor: string;
  readonly widgetBackgroundColor: string;
  readonly widgetTextColor: string;
  readonly headerBackgroundColor: string;
  readonly headerTextColor: string;
}

/** The content of a deployment. */
export interface DeploymentContent {
  /** By default the deployment keeps its name. */
  readonly name?: string | undefined;
  readonly status: 'active' | 'inactive';
  readonly language: string;
  readonly launcher: {
    readonly position: (typeof LAUNCHER_POSITIONS)[number];
    readonly horizontalOffset: number;
    readonly verticalOffset: number;
    readonly show: boolean;
    /** Address of an image. Genesys Cloud shows its own icon by default. */
    readonly icon?: string | null | undefined;
  };
  readonly widget: {
    readonly title: string;
    readonly welcomeMessage: string;
    readonly autoOpen: boolean;
    readonly theme: DeploymentTheme;
  };
}

/** A deployment as Genesys Cloud takes it (docs/guides.md#deployment-fields). */
export type DeploymentBody = ReturnType<typeof deploymentBody>;

/** A warning about two colors with a low contrast, at the path of the text color. */
export interface ContrastWarning extends Issue {
  /** By WCAG 2, not rounded up. */
  readonly ratio: number;
}

/** Each text color, and its background. */
const PAIRS: readonly (readonly [text: keyof DeploymentTheme, on: keyof DeploymentTheme])[] = [
  ['secondaryColor', 'primaryColor'],
  ['buttonTextColor', 'primaryColor'],
  ['widgetTextColor', 'widgetBackgroundColor'],
  ['headerTextColor', 'headerBackgroundColor'],
];

/** The body of the request that creates or updates a deployment. */
export function deploymentBody({ name, status, language, launcher, widget }: DeploymentContent) {
  const { position, horizontalOffset, verticalOffset, show, icon = null } = launcher;
  const { title, welcomeMessage, autoOpen, theme } = widget;
  return {
    ...(name !== undefined && { name }),
    properties: {
      launcher: { position, horizontalOffset, verticalOffset, show, icon },
      widget: { title, welcomeMessage, autoOpen, theme: { ...theme } },
      active: status === 'active',
      language,
    },
  };
}

/**
 * A warning for each pair of text and background below the 4.5 of WCAG AA.
 * @param theme as it came in. The contract reports a value that is no color.
 */
export function contrastWarnings(theme: unknown): ContrastWarning[] {
  if (!isRecord(theme)) return [];
  return PAIRS.flatMap(([text, on]) => {
    const [color, background] = [theme[text], theme[on]];
    if (!isHexColor(color) || !isHexColor(background)) return [];
    const contrast = contrastRatio(color, background);
    if (contrast >= MIN_CONTRAST) return [];
    const ratio = shownRatio(contrast);
    const message = `expected a contrast of at least ${MIN_CONTRAST} to ${on}, got ${ratio}`;
    return [{ path: `widget.theme.${text}`, ratio, message }];
  });
}
