import { RUN_OUTCOMES } from '../../../src/observe/count-runs.ts';
import { METRICS } from '../../../src/observe/metric-table.ts';

const metrics: readonly { name: string; kind: string; labels: readonly string[] }[] = Object.values(METRICS);

/** Metrics, labels and values in an expression that a worker does not have. */
export function problemsOf(expr: string): string[] {
  const selectors = [...expr.matchAll(/\b(gwm_\w+)(?:\{([^}]*)\})?/g)];
  if (selectors.length === 0) return ['no metric of ours'];
  const known = new Set<string>();
  const problems = selectors.flatMap(([, name = '', matchers = '']) => {
    const labels = labelsOf(name);
    if (!labels) return [`no metric ${name}`];
    for (const label of labels) known.add(label);
    return [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"/g)].flatMap(
      ([, label = '', value = '']) => {
        if (!labels.includes(label)) return [`no label ${label} of ${name}`];
        if (label !== 'outcome') return [];
        const words: readonly string[] = RUN_OUTCOMES;
        return value.split('|').flatMap((word) => (words.includes(word) ? [] : [`no outcome ${word}`]));
      },
    );
  });
  if (problems.length > 0) return problems;
  return groupsOf(expr).flatMap((label) => (known.has(label) ? [] : [`nothing to group by ${label}`]));
}

/** The labels of a series of this name. Undefined for an unknown name. */
function labelsOf(name: string): readonly string[] | undefined {
  for (const metric of metrics) {
    if (metric.kind !== 'histogram') {
      if (metric.name === name) return metric.labels;
      continue;
    }
    if (name === `${metric.name}_bucket`) return [...metric.labels, 'le'];
    if (name === `${metric.name}_sum` || name === `${metric.name}_count`) return metric.labels;
  }
  return undefined;
}

/** The labels by which an expression groups. */
export function groupsOf(expr: string): string[] {
  return [...expr.matchAll(/\bby\s*\(([^)]*)\)/g)].flatMap(([, labels = '']) =>
    labels.split(',').map((label) => label.trim()),
  );
}
