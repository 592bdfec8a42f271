import { useMemo, useState } from 'preact/hooks';
import type { Series } from '../data/answers.ts';
import { count, milliseconds, shortCount } from '../data/format.ts';
import { useLoad } from '../data/use-load.ts';
import { html } from '../html.ts';
import { Chart } from '../parts/chart.ts';
import { Shown } from '../parts/notice.ts';

const RANGES = [
  { over: '1h', name: '1 hour' },
  { over: '24h', name: '24 hours' },
  { over: '7d', name: '7 days' },
] as const;

const STEPS: Readonly<Record<number, string>> = { 60: 'minute', 900: 'quarter of an hour', 3600: 'hour' };

/** Points have a minute at least. */
const REFRESH_MS = 15_000;

/** What jobs did over time. @param path of the series: of one tenant, or of all. */
export function Charts({ path }: { readonly path: string }) {
  const [over, setOver] = useState<string>('1h');
  const series = useLoad<Series>(path, { over }, { everyMs: REFRESH_MS });
  return html`<section>
    <div class="heading">
      <h2>Over time</h2>
      <fieldset class="choice">
        <legend class="unseen">Time of the charts</legend>
        ${RANGES.map(
          (range) =>
            html`<label key=${range.over}><input type="radio" name="over" value=${range.over} checked=${range.over === over} onChange=${() => setOver(range.over)} />${range.name}</label>`,
        )}
      </fieldset>
    </div>
    <${Shown} of=${series}>${(shown: Series) => html`<${Pair} series=${shown} />`}<//>
  </section>`;
}

function Pair({ series: { points, stepSeconds } }: { readonly series: Series }) {
  const times = useMemo(() => points.map(({ at }) => Date.parse(at) / 1000), [points]);
  const jobs = useMemo(
    () => [
      { name: 'Delivered', color: '--good', values: points.map(({ counts }) => counts.delivered) },
      {
        name: 'Failed',
        color: '--bad',
        dash: [6, 3],
        values: points.map(({ counts }) => counts.failed + counts.expired),
      },
      {
        name: '429 answers',
        color: '--warn',
        dash: [2, 3],
        values: points.map(({ counts }) => counts.throttled),
      },
    ],
    [points],
  );
  const latency = useMemo(
    () => [
      {
        name: 'p50',
        color: '--good',
        hasGaps: true,
        values: points.map((point) => point.latency?.p50 ?? null),
      },
      {
        name: 'p95',
        color: '--accent',
        dash: [6, 3],
        hasGaps: true,
        values: points.map((point) => point.latency?.p95 ?? null),
      },
      {
        name: 'p99',
        color: '--bad',
        dash: [2, 3],
        hasGaps: true,
        values: points.map((point) => point.latency?.p99 ?? null),
      },
    ],
    [points],
  );
  const step = STEPS[stepSeconds] ?? `${stepSeconds} s`;
  return html`<div class="charts">
    <${Chart} title=${`Jobs per ${step}`} times=${times} lines=${jobs} format=${(value: number) => (value < 10_000 ? count(value) : shortCount(value))} />
    <${Chart} title="Latency of the request that delivered" times=${times} lines=${latency} format=${milliseconds} />
  </div>`;
}
