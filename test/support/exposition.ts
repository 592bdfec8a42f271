/** One line of a scrape. */
export interface ScrapedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric of a scrape, with its help, kind and samples. */
export interface ScrapedMetric {
  readonly name: string;
  readonly kind: string;
  readonly help: string;
  readonly samples: readonly ScrapedSample[];
}

const HELP = /^# HELP ([a-zA-Z_:][\w:]*) (\S.*)$/;
const TYPE = /^# TYPE ([a-zA-Z_:][\w:]*) (counter|gauge|histogram|summary)$/;
const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /^([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,(?!$)|$)/;
const NUMBER = /^[+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|inf|nan)$/i;

/**
 * Parses a scrape in the text format of Prometheus, as strictly as possible. Each metric comes
 * once: HELP, TYPE, samples. No series repeats, counters are not negative, and the buckets of a
 * histogram add up.
 *
 * @throws with the line.
 */
export function parseExposition(text: string): ReadonlyMap<string, ScrapedMetric> {
  if (!text.endsWith('\n')) throw new Error('The last line has no end');
  const metrics = new Map<string, ScrapedMetric & { samples: ScrapedSample[] }>();
  const series = new Set<string>();
  const lines = text.split('\n').filter((line) => line !== '');
  let current: (ScrapedMetric & { samples: ScrapedSample[] }) | undefined;

  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line.startsWith('#')) {
      const [, name = '', help = ''] = HELP.exec(line) ?? fail('no HELP', line);
      const type = lines[++at] ?? '';
      const [, typed, kind = ''] = TYPE.exec(type) ?? fail('no TYPE', type);
      if (typed !== name) fail(`not the TYPE of ${name}`, type);
      if (metrics.has(name)) fail('a metric that was there before', line);
      current = { name, kind, help, samples: [] };
      metrics.set(name, current);
      continue;
    }
    const sample = readSample(line);
    if (!current || !namesOf(current).includes(sample.name)) fail('a sample of another metric', line);
    const id = `${sample.name} ${JSON.stringify(Object.entries(sample.labels).toSorted())}`;
    if (series.has(id)) fail('a series that was there before', line);
    if (current.kind === 'counter' && !(sample.value >= 0)) fail('a counter below zero', line);
    series.add(id);
    current.samples.push(sample);
  }
  for (const metric of metrics.values()) if (metric.kind === 'histogram') checkHistogram(metric);
  return metrics;
}

/** The value of the series with exactly these labels. Undefined without such a series. */
export function valueIn(
  metrics: ReadonlyMap<string, ScrapedMetric>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const wanted = JSON.stringify(Object.entries(labels).toSorted());
  return [...metrics.values()]
    .flatMap(({ samples }) => samples)
    .find(
      (sample) => sample.name === name && JSON.stringify(Object.entries(sample.labels).toSorted()) === wanted,
    )?.value;
}

function readSample(line: string): ScrapedSample {
  const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? fail('no sample', line);
  if (!NUMBER.test(value)) fail('no number', line);
  return { name, labels: readLabels(labels, line), value: numberOf(value) };
}

function readLabels(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let rest = text;
  while (rest !== '') {
    const [whole, name = '', value = ''] = LABEL.exec(rest) ?? fail('no label', line);
    if (Object.hasOwn(labels, name)) fail('a label that was there before', line);
    labels[name] = value.replace(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped));
    rest = rest.slice(whole.length);
  }
  return labels;
}

function numberOf(text: string): number {
  return Number(text.replace(/inf/i, 'Infinity').replace(/nan/i, 'NaN'));
}

function namesOf({ name, kind }: ScrapedMetric): string[] {
  if (kind === 'histogram') return [`${name}_bucket`, `${name}_sum`, `${name}_count`];
  return kind === 'summary' ? [name, `${name}_sum`, `${name}_count`] : [name];
}

/**
 * Checks each set of labels: bounds and counts ascend to +Inf, its count is the total, and a sum
 * exists.
 */
function checkHistogram({ name, samples }: ScrapedMetric): void {
  const groups = Map.groupBy(samples, ({ labels: { le: _, ...labels } }) =>
    JSON.stringify(Object.entries(labels).toSorted()),
  );
  for (const [labels, group] of groups) {
    const buckets = group.filter((sample) => sample.name === `${name}_bucket`);
    const bounds = buckets.map((bucket) => numberOf(bucket.labels['le'] ?? 'NaN'));
    const counts = buckets.map((bucket) => bucket.value);
    const count = group.find((sample) => sample.name === `${name}_count`)?.value;
    if (!ascends(bounds, (a, b) => a < b) || bounds.at(-1) !== Infinity) fail('bounds in disorder', labels);
    if (!ascends(counts, (a, b) => a <= b) || counts.at(-1) !== count) fail('counts in disorder', labels);
    if (!group.some((sample) => sample.name === `${name}_sum`)) fail('no sum', labels);
  }

  function fail(what: string, labels: string): never {
    throw new Error(`The histogram ${name} has ${what}, at ${labels}`);
  }
}

function ascends(numbers: readonly number[], inOrder: (a: number, b: number) => boolean): boolean {
  return numbers.every((number, index) => index === 0 || inOrder(numbers[index - 1] ?? Number.NaN, number));
}

function fail(what: string, line: string): never {
  throw new Error(`There is ${what}: ${line}`);
}
