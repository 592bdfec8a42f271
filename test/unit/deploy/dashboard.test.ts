import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { METRICS } from '../../../src/observe/metric-table.ts';
import { createMetrics } from '../../../src/observe/metrics.ts';
import { problemsOf } from './expressions.ts';

interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: { uid: string };
  targets?: { expr: string; legendFormat: string; datasource: { uid: string } }[];
}

const text = readRoot('deploy/grafana/dashboards/gwm.json');
const dashboard: { templating: { list: { name: string }[] }; panels: Panel[] } = JSON.parse(text);
const panels = dashboard.panels.filter(({ type }) => type !== 'row');
const queries = panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr, legendFormat }) => ({ title, expr, legendFormat })),
);

describe('the dashboard of Grafana', () => {
  test.for(queries.filter(({ expr }) => expr.includes('gwm_')))(
    'uses existing metrics, labels and values in $title',
    ({ expr, legendFormat }) => {
      expect(problemsOf(expr)).toEqual([]);
      const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
      const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, by = '']) => by.split(', '));
      expect(shown.filter((label) => !grouped.includes(label ?? ''))).toEqual([]);
    },
  );

  test('uses no other metric than those that a process shows', async () => {
    const shown = await createMetrics().registry.metrics();
    const names = queries.flatMap(({ expr }) =>
      [...expr.matchAll(/\b([a-z][a-z0-9]*_[a-z0-9_]+)\b(?=\{|\[|\)|$)/g)].map(([, name = '']) => name),
    );

    expect(names.length).toBeGreaterThan(30);
    expect(names.filter((name) => !shown.includes(`# TYPE ${name.replace(/_bucket$/, '')} `))).toEqual([]);
  });

  test('shows every metric of the table', () => {
    const expressions = queries.map(({ expr }) => expr).join('\n');
    const names = Object.values(METRICS).map(({ name }) => name);

    expect(names.filter((name) => !expressions.includes(name))).toEqual([]);
  });

  test('lets its reader choose the data source, tenants and kinds, and names no data source', () => {
    expect(dashboard.templating.list.map(({ name }) => name)).toEqual(['datasource', 'tenant', 'kind']);
    const chosen = ['$', '{datasource}'].join('');
    for (const { datasource, targets = [] } of panels) {
      expect(
        [datasource, ...targets.map((target) => target.datasource)].map((source) => source?.uid),
      ).toEqual(Array(targets.length + 1).fill(chosen));
    }
  });

  test('filters by the chosen tenants where a metric has a tenant', () => {
    const without = queries.filter(
      ({ expr }) => /\btenant\b/.test(expr) && !expr.includes('tenant=~"$tenant"'),
    );

    expect(without).toEqual([]);
  });

  test('places its panels beside and below each other', () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );

    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...dashboard.panels.map(({ gridPos: { x, w } }) => x + w))).toBe(24);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });

  test('is where its provider and Compose look for it', () => {
    const compose = parse(readRoot('docker-compose.yml'), { merge: true });
    const provider = parse(readRoot('deploy/grafana/provisioning/dashboards/gwm.yml'));
    const folder = provider.providers[0].options.path;
    const { volumes, environment } = compose.services.grafana;

    expect(volumes).toContain(`./deploy/grafana/dashboards:${folder}:ro`);
    expect(environment.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH).toBe(`${folder}/gwm.json`);
    expect(volumes).toContain('./deploy/grafana/provisioning:/etc/grafana/provisioning:ro');
  });
});

function readRoot(file: string): string {
  return readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
}
