import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { RUN_OUTCOMES } from '../../../src/observe/count-runs.ts';
import { METRICS } from '../../../src/observe/metric-table.ts';

interface Rule {
  alert: string;
  expr: string;
  for: string;
  labels: { severity: string };
  annotations: { summary: string; description: string };
}

const file: { groups: { name: string; rules: Rule[] }[] } = parse(
  readFileSync(new URL('../../../deploy/alerts.yml', import.meta.url), 'utf8'),
);
const operations = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
const rules = file.groups.flatMap((group) => group.rules);
const metrics: readonly { name: string; kind: string; labels: readonly string[] }[] = Object.values(METRICS);

describe('deploy/alerts.yml', () => {
  test('is a list of groups of rules', () => {
    expect(Object.keys(file)).toEqual(['groups']);
    for (const group of file.groups) {
      expect(group).toEqual({ name: expect.stringMatching(/^\w+$/), rules: expect.any(Array) });
    }
    expect(rules.map(({ alert }) => alert)).toEqual([
      'GwmAuditStreamBehind',
      'GwmAuditGivenUp',
      'GwmDeadLetters',
      'GwmNothingDelivered',
      'GwmTenantStandsStill',
      'GwmOldestJobTooOld',
      'GwmReceiverDisabled',
      'GwmNoWorker',
      'GwmClockOff',
      'GwmRedisAway',
      'GwmRedisNearlyFull',
    ]);
  });

  test.for(rules)('has all required fields in $alert, and no field that Prometheus refuses', (rule) => {
    expect(rule).toEqual({
      alert: expect.stringMatching(/^Gwm[A-Za-z]+$/),
      expr: expect.stringMatching(/ [<>] /),
      for: expect.stringMatching(/^\d+[smhd]$/),
      labels: { severity: expect.stringMatching(/^(warning|critical)$/) },
      annotations: { summary: expect.any(String), description: expect.stringMatching(/\.$/) },
    });
  });

  test.for(rules)('has a paragraph in docs/operations.md for $alert', ({ alert }) => {
    expect(operations).toContain(`\n### ${alert}\n`);
  });

  test.for(rules)('uses metrics and labels of a worker in $alert', ({ expr, annotations }) => {
    expect(problemsOf(expr)).toEqual([]);
    const shown = [...annotations.summary.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label);
    expect(shown.filter((label) => !groupsOf(expr).includes(label ?? ''))).toEqual([]);
  });

  test.for([
    ['gwm_job_total > 0', 'no metric gwm_job_total'],
    ['gwm_jobs_total_count > 0', 'no metric gwm_jobs_total_count'],
    ['gwm_job_latency_seconds > 1', 'no metric gwm_job_latency_seconds'],
    ['gwm_jobs_total{job_id="7"} > 0', 'no label job_id of gwm_jobs_total'],
    ['gwm_jobs_total{outcome="lost"} > 0', 'no outcome lost'],
    ['gwm_jobs_total{outcome=~"failed|gone"} > 0', 'no outcome gone'],
    ['sum by (tenant, region) (gwm_jobs_total) > 0', 'nothing to group by region'],
    ['up == 0', 'no metric of ours'],
  ] as const)('is refused with the expression %s', ([expr, problem]) => {
    expect(problemsOf(expr)).toEqual([problem]);
  });

  test('may use the series of a histogram', () => {
    expect(
      problemsOf('histogram_quantile(0.9, sum by (le, kind) (rate(gwm_job_latency_seconds_bucket[5m]))) > 1'),
    ).toEqual([]);
  });
});

/** Metrics, labels and values in an expression that a worker does not have. */
function problemsOf(expr: string): string[] {
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

function groupsOf(expr: string): string[] {
  return [...expr.matchAll(/\bby\s*\(([^)]*)\)/g)].flatMap(([, labels = '']) =>
    labels.split(',').map((label) => label.trim()),
  );
}
