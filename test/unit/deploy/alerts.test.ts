import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { groupsOf, problemsOf } from './expressions.ts';

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
