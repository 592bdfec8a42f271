import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contrastRatio, isHexColor, shownRatio } from '../../../../src/content/configuration/contrast.ts';

const channel = fc.integer({ min: 0, max: 255 });
const color = fc
  .tuple(channel, channel, channel)
  .map((rgb) => `#${rgb.map((value) => value.toString(16).padStart(2, '0')).join('')}`);

describe('the contrast of two colors', () => {
  test.for([
    ['#000000', '#FFFFFF', 21],
    ['#000', '#fff', 21],
    ['#777777', '#FFFFFF', 4.48],
    ['#767676', '#FFFFFF', 4.54],
    ['#0052CC', '#FFFFFF', 6.82],
    ['#0056b3', '#ffffff', 7.04],
    ['#FF5733', '#FFFFFF', 3.15],
    ['#FF0000', '#FFFFFF', 4],
    ['#123456', '#123456', 1],
  ] as const)('%s on %s is %d', ([a, b, ratio]) => {
    expect(contrastRatio(a, b)).toBeCloseTo(ratio, 2);
  });

  test('follows the formula of WCAG 2, from 1 to 21, in both directions', () => {
    fc.assert(
      fc.property(color, color, (a, b) => {
        const [light = 0, dark = 0] = [luminanceOf(a), luminanceOf(b)].sort((x, y) => y - x);
        const ratio = contrastRatio(a, b);
        expect(ratio).toBeCloseTo((light + 0.05) / (dark + 0.05), 6);
        expect(ratio).toBeGreaterThanOrEqual(1);
        expect(ratio).toBeLessThanOrEqual(21.000001);
        expect(contrastRatio(b, a)).toBe(ratio);
        expect(contrastRatio(a.toUpperCase(), b)).toBe(ratio);
      }),
    );
  });

  test('reads three digits as six', () => {
    expect(contrastRatio('#05c', '#FFF')).toBe(contrastRatio('#0055cc', '#FFFFFF'));
  });

  test.for(['FF5733', '#FF573', '#12', '#GGGGGG', 'red', 'rgb(0,0,0)', '', '#0052CC ', '#0052CCFF'])(
    'rejects "%s"',
    (text) => {
      expect(isHexColor(text)).toBe(false);
      expect(() => contrastRatio(text, '#fff')).toThrow('no hexadecimal color');
    },
  );

  test('is rounded down when it is shown', () => {
    expect(shownRatio(4.4999)).toBe(4.49);
    expect(shownRatio(21)).toBe(21);
  });
});

/** Relative luminance by WCAG 2.2. */
function luminanceOf(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
