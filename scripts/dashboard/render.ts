import { METRICS } from '../../src/observe/metric-table.ts';
import { type Panel, ROWS, type Row } from './panels.ts';

/** Chosen by the reader of the dashboard: no id of a data source is written down. */
const DATA_SOURCE = { type: 'prometheus', uid: '$' + '{datasource}' } as const;

/** Of the grid of Grafana, which is 24 wide. */
const COLUMNS = 24;
const WIDTH = 8;
const HEIGHT = 7;

interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** The dashboard as Grafana imports and provisions it. */
export function renderDashboard(): string {
  const dashboard = {
    uid: 'gwm',
    title: 'Web Messaging Worker',
    description: 'Rendered from scripts/dashboard by npm run render.',
    tags: ['gwm'],
    schemaVersion: 41,
    version: 1,
    editable: true,
    refresh: '15s',
    time: { from: 'now-1h', to: 'now' },
    timezone: '',
    templating: { list: variables() },
    annotations: { list: [] },
    panels: panelsOf(ROWS),
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

function variables(): object[] {
  return [
    { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
    choice('tenant', 'Tenant', METRICS.jobsWaiting.name),
    choice('kind', 'Kind', METRICS.jobs.name),
  ];
}

/** A variable with the values of a label; all of them at first. */
function choice(label: string, title: string, metric: string): object {
  const query = `label_values(${metric}, ${label})`;
  return {
    name: label,
    label: title,
    type: 'query',
    datasource: DATA_SOURCE,
    definition: query,
    query: { query, refId: label },
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { text: ['All'], value: ['$__all'] },
  };
}

/** A row is a panel too, and its panels follow it. */
function panelsOf(rows: readonly Row[]): object[] {
  const panels: object[] = [];
  let y = 0;
  for (const { title, panels: ofRow } of rows) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title,
      collapsed: false,
      gridPos: { x: 0, y, w: COLUMNS, h: 1 },
      panels: [],
    });
    y += 1;
    for (const [index, panel] of ofRow.entries()) {
      const x = (index * WIDTH) % COLUMNS;
      panels.push(panelOf(panel, panels.length + 1, { x, y, w: WIDTH, h: HEIGHT }));
      if (x + WIDTH === COLUMNS || index === ofRow.length - 1) y += HEIGHT;
    }
  }
  return panels;
}

function panelOf({ title, unit, queries }: Panel, id: number, gridPos: Place): object {
  return {
    id,
    type: 'timeseries',
    title,
    gridPos,
    datasource: DATA_SOURCE,
    fieldConfig: {
      defaults: { unit, min: 0, custom: { fillOpacity: 10, showPoints: 'never' } },
      overrides: [],
    },
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource: DATA_SOURCE,
      editorMode: 'code',
      range: true,
      expr,
      legendFormat: legend,
    })),
  };
}
