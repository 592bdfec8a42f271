import { useEffect, useRef } from 'preact/hooks';
import UPlot, { type AlignedData, type Options } from 'uplot';
import { moment } from '../data/format.ts';
import { html } from '../html.ts';

/** A line of a chart. */
export interface Line {
  readonly name: string;
  /** One for each time; null where there is none. */
  readonly values: readonly (number | null)[];
  /** The custom property with its color, such as `--good`. */
  readonly color: string;
  /** Lines differ by their dashes too. */
  readonly dash?: readonly number[];
  /** It has no value at many times, so single points stand alone. */
  readonly hasGaps?: boolean;
}

export interface ChartProps {
  readonly title: string;
  /** Seconds since the epoch. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
}

const HEIGHT = 180;
const DAY_SECONDS = 86_400;
const AXIS_SIZE = 56;
const TIMES_SIZE = 30;
/** Steps of the scale: there is no half of a job. */
const STEPS = [1, 2, 5]
  .flatMap((digit) => Array.from({ length: 10 }, (_, power) => digit * 10 ** power))
  .toSorted((a, b) => a - b);
const DARK = matchMedia('(prefers-color-scheme: dark)');

/** A chart over time, with a sentence about it for those who do not see it. */
export function Chart({ title, times, lines, format }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | undefined>(undefined);
  const shape = lines.map(({ name }) => name).join();

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const draw = () => {
      plot.current?.destroy();
      plot.current = new UPlot(optionsOf(element, lines, format), dataOf(times, lines), element);
    };
    draw();
    const observer = new ResizeObserver(() =>
      plot.current?.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    observer.observe(element);
    DARK.addEventListener('change', draw);
    return () => {
      observer.disconnect();
      DARK.removeEventListener('change', draw);
      plot.current?.destroy();
    };
  }, [shape]);
  useEffect(() => plot.current?.setData(dataOf(times, lines)), [times, lines]);

  return html`<figure class="chart">
    <figcaption>${title}</figcaption>
    <div ref=${place} role="img" aria-label=${sentenceOf(title, lines, format)}></div>
  </figure>`;
}

function dataOf(times: readonly number[], lines: readonly Line[]): AlignedData {
  return [[...times], ...lines.map(({ values }) => [...values])] as AlignedData;
}

function optionsOf(element: HTMLElement, lines: readonly Line[], format: ChartProps['format']): Options {
  const styles = getComputedStyle(document.documentElement);
  const colorOf = (name: string) => styles.getPropertyValue(name).trim();
  const axis = {
    stroke: colorOf('--quiet'),
    grid: { stroke: colorOf('--line'), width: 1 },
    ticks: { show: false },
  };
  const labels = (_plot: UPlot, values: number[]) => values.map(format);
  return {
    width: element.clientWidth,
    height: HEIGHT,
    cursor: { y: false, points: { size: 6 } },
    legend: { live: true },
    scales: { y: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.05 : 1] } },
    axes: [
      { ...axis, size: TIMES_SIZE, values: (_plot, seconds) => timesOf(seconds) },
      { ...axis, size: AXIS_SIZE, values: labels, incrs: STEPS },
    ],
    series: [
      {
        label: 'At',
        value: (_plot: UPlot, value: number | null) => (value === null ? '–' : moment(isoOf(value))),
      },
      ...lines.map(({ name, color, dash, hasGaps = false }) => ({
        label: name,
        stroke: colorOf(color),
        width: 1.5,
        points: { show: hasGaps, size: 4, fill: colorOf(color) },
        value: (_plot: UPlot, value: number | null) => (value === null ? '–' : format(value)),
        ...(dash && { dash: [...dash] }),
      })),
    ],
  };
}

/** Clocks within a day, and days beyond. */
function timesOf(seconds: readonly number[]): string[] {
  const spanSeconds = (seconds.at(-1) ?? 0) - (seconds[0] ?? 0);
  return seconds.map((value) => {
    const text = moment(isoOf(value), new Date(value * 1000));
    return spanSeconds > DAY_SECONDS ? moment(isoOf(value), new Date(0)).slice(5, 10) : text.slice(0, 5);
  });
}

function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

function sentenceOf(title: string, lines: readonly Line[], format: ChartProps['format']): string {
  const parts = lines.map(({ name, values }) => {
    const known = values.filter((value) => value !== null);
    if (known.length === 0) return `${name}: no values`;
    return `${name}: last ${format(known.at(-1) ?? 0)}, highest ${format(Math.max(...known))}`;
  });
  return `${title}. ${parts.join('; ')}.`;
}
