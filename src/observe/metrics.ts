import {
  collectDefaultMetrics,
  Counter as PromCounter,
  Gauge as PromGauge,
  Histogram as PromHistogram,
  Registry,
} from 'prom-client';
import { METRICS, type MetricEntry } from './metric-table.ts';

type MetricTable = typeof METRICS;

/** A value, after the labels of the metric if it has labels. Every label is needed. */
type Sample<Label extends string, Value extends readonly unknown[]> = [Label] extends [never]
  ? Value
  : [labels: Readonly<Record<Label, string>>, ...value: Value];

export interface Counter<Label extends string = never> {
  /** Adds one, or `by`. */
  inc(...sample: Sample<Label, [by?: number]>): void;
}

export interface Gauge<Label extends string = never> {
  set(...sample: Sample<Label, [value: number]>): void;
  /** Removes its values: a scrape does not show the gauge until it is set. */
  clear(): void;
}

export interface Histogram<Label extends string = never> {
  observe(...sample: Sample<Label, [value: number]>): void;
}

type HandleOf<Entry extends MetricEntry> = Entry['kind'] extends 'counter'
  ? Counter<Entry['labels'][number]>
  : Entry['kind'] extends 'gauge'
    ? Gauge<Entry['labels'][number]>
    : Histogram<Entry['labels'][number]>;

/** Renders the metrics as text, for a server. */
export type MetricsRegistry = Pick<Registry, 'metrics' | 'contentType'>;

/** A handle for each metric of the table, and their registry. */
export type Metrics = { readonly [Name in keyof MetricTable]: HandleOf<MetricTable[Name]> } & {
  readonly registry: MetricsRegistry;
};

/** Creates all metrics of this process, and those of Node, in a registry of their own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const handles = Object.entries(METRICS).map(([name, entry]) => [name, createHandle(entry, registry)]);
  return { ...Object.fromEntries(handles), registry } as Metrics;
}

function createHandle(
  { name, kind, help, labels, buckets }: MetricEntry,
  registry: Registry,
): PromCounter | PromGauge | PromHistogram {
  const options = { name, help, labelNames: [...labels], registers: [registry] };
  switch (kind) {
    case 'counter':
      return new PromCounter(options);
    case 'gauge':
      return clearable(new PromGauge(options), labels.length > 0);
    case 'histogram':
      return new PromHistogram({ ...options, ...(buckets && { buckets: [...buckets] }) });
  }
}

/** The `reset` of prom-client sets a gauge without labels to 0. */
function clearable(gauge: PromGauge, hasLabels: boolean): PromGauge {
  return Object.assign(gauge, { clear: () => (hasLabels ? gauge.reset() : gauge.remove()) });
}
