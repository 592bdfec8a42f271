import { describe, expect, test } from 'vitest';
import { LABELS, METRICS } from '../../../src/observe/metric-table.ts';
import { createMetrics } from '../../../src/observe/metrics.ts';
import { renderMetricsPage } from '../../../src/observe/render-metrics.ts';
import { parseExposition, valueIn } from '../../support/exposition.ts';

interface Entry {
  readonly name: string;
  readonly kind: string;
  readonly help: string;
  readonly labels: readonly (keyof typeof LABELS)[];
  readonly buckets?: readonly number[];
}

const entries: readonly Entry[] = Object.values(METRICS);
const unique = new Set(entries.map(({ name }) => name));

describe('the table of metrics', () => {
  test.for(entries)('has $name in the style of Prometheus, with a help that fits a table cell', (entry) => {
    const { name, kind, help, labels, buckets } = entry;
    expect(name).toMatch(/^gwm_[a-z]+(_[a-z]+)*$/);
    expect(name.endsWith('_total')).toBe(kind === 'counter');
    expect(help).toMatch(/^[A-Z][^\n|]{10,}\.$/);
    expect(/^Seconds /.test(help)).toBe(name.endsWith('_seconds'));
    expect(labels.filter((label) => !Object.hasOwn(LABELS, label))).toEqual([]);
    expect(buckets !== undefined).toBe(kind === 'histogram');
    expect(buckets ?? []).toEqual([...new Set(buckets)].toSorted((a, b) => a - b));
  });

  test('has each name once, and no label that grows with the traffic', () => {
    expect(unique.size).toBe(entries.length);
    expect(Object.keys(LABELS).filter((label) => /job|conversation|organization|id$/i.test(label))).toEqual(
      [],
    );
  });
});

describe('the metrics of a process', () => {
  test('are those of the table and the default ones of Node', async () => {
    const scraped = parseExposition(await createMetrics().registry.metrics());
    const ours = [...scraped.values()].filter(({ name }) => name.startsWith('gwm_'));

    expect(ours.map(({ name, kind, help }) => ({ name, kind, help }))).toEqual(
      entries.map(({ name, kind, help }) => ({ name, kind, help })),
    );
    expect([...scraped.keys()]).toContain('process_cpu_seconds_total');
    expect([...scraped.keys()]).toContain('nodejs_eventloop_lag_seconds');
  });

  test.for(Object.keys(METRICS) as (keyof typeof METRICS)[])(
    'have a handle %s, which takes exactly the labels of its metric',
    async (handle) => {
      const metrics = createMetrics();
      const { name, kind, labels, buckets }: Entry = METRICS[handle];
      const given = Object.fromEntries(labels.map((label) => [label, `some-${label}`]));

      record(metrics[handle], given);

      const scraped = parseExposition(await metrics.registry.metrics());
      const value = valueIn(scraped, kind === 'histogram' ? `${name}_sum` : name, given);
      expect(value).toBe(kind === 'counter' ? 1 : 7);
      const bounds = (scraped.get(name)?.samples ?? []).flatMap((sample) => sample.labels['le'] ?? []);
      expect(bounds).toEqual(buckets ? [...buckets.map(String), '+Inf'] : []);
      expect(() => record(metrics[handle], { ...given, jobId: '1' })).toThrow(/jobId/);
    },
  );

  test('belong to one registry: another registry begins at 0', async () => {
    createMetrics().auditGivenUp.inc(5);

    const scraped = parseExposition(await createMetrics().registry.metrics());

    expect(valueIn(scraped, 'gwm_audit_given_up_total')).toBe(0);
  });
});

describe('the page of metrics', () => {
  const rows = renderMetricsPage()
    .split('\n')
    .filter((line) => line.startsWith('| `'));

  test('has each metric once, with its kind, labels and help', () => {
    expect(rows).toHaveLength(entries.length + Object.keys(LABELS).length);
    for (const { name, kind, labels, help } of entries) {
      const shown = labels.map((label) => `\`${label}\``).join(', ') || '–';
      const own = rows.filter((row) => row.startsWith(`| \`${name}\` |`));
      expect(own).toEqual([`| \`${name}\` | ${kind} | ${shown} | ${help} |`]);
    }
  });

  test.for(Object.entries(LABELS))('says what the label %s means', ([label, meaning]) => {
    expect(rows).toContain(`| \`${label}\` | ${meaning} |`);
  });
});

/** Adds one to a counter, or records a seven in a handle of any other kind. */
function record(handle: object, labels: Readonly<Record<string, string>>): void {
  const { inc, set, observe } = handle as Record<string, ((...sample: unknown[]) => void) | undefined>;
  if (inc && !set) inc.call(handle, labels);
  else (set ?? observe)?.call(handle, labels, 7);
}
