// This bundle of the library loads ten times as fast as its hundred modules.
import culori from 'culori/require';

/** The ratio that WCAG 2 asks of text at level AA (docs/guides.md#configuration-fields). */
export const MIN_CONTRAST = 4.5;

/** A color: `#` and three or six hexadecimal digits. */
export const HEX_COLOR = /^#(?:[\da-fA-F]{3}|[\da-fA-F]{6})$/;

/** Whether a value from outside is such a color. */
export function isHexColor(value: unknown): value is string {
  return typeof value === 'string' && HEX_COLOR.test(value);
}

/**
 * Contrast of two colors by WCAG 2, from 1 to 21. Their order does not matter. @param a see {@link
 * HEX_COLOR}.
 */
export function contrastRatio(a: string, b: string): number {
  for (const color of [a, b]) if (!HEX_COLOR.test(color)) throw new TypeError('no hexadecimal color');
  return culori.wcagContrast(a, b);
}

/**
 * A ratio for people to read, rounded down: a rounded-up 4.498 would seem to reach the limit of
 * 4.5.
 */
export function shownRatio(ratio: number): number {
  return Math.floor(ratio * 100) / 100;
}
