import { LABELS, METRICS } from './metric-table.ts';

/** Renders `docs/metrics.md`: every metric with its kind, labels and meaning. */
export function renderMetricsPage(): string {
  const metrics = Object.values(METRICS).map(({ name, kind, labels, help }) => {
    const shown = labels.length === 0 ? '–' : labels.map((label) => `\`${label}\``).join(', ');
    return `| \`${name}\` | ${kind} | ${shown} | ${help} |`;
  });
  const labels = Object.entries(LABELS).map(([label, meaning]) => `| \`${label}\` | ${meaning} |`);
  return `# Metrics

If \`METRICS_PORT\` is set, a worker serves its metrics to Prometheus at \`/metrics\`, and so does
\`gwm serve\`. Each worker counts its own jobs, so add the counters of all workers. Gauges of buckets, lanes,
jobs, endpoints, workers and Redis are those of the whole installation: every process reports the same
number, so take the maximum. They are up to five seconds old. Processes also serve the usual metrics of
Node (\`process_…\`, \`nodejs_…\`). [Alerts](operations.md#alerts) are in \`deploy/alerts.yml\`, and a dashboard of
Grafana is \`deploy/grafana/dashboards/gwm.json\`.

Rendered from \`src/observe/metric-table.ts\` by \`npm run render\`.

| metric | kind | labels | meaning |
| --- | --- | --- | --- |
${metrics.join('\n')}

A histogram has \`_bucket\`, \`_sum\` and \`_count\`. More traffic does not give a label more values:

| label | meaning |
| --- | --- |
${labels.join('\n')}
`;
}
