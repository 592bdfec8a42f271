import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { onEnd } from '../../support/lifetime.ts';
import { startProcess } from '../../support/processes.ts';

const CONFIGURATION = fileURLToPath(new URL('../../../deploy/prometheus.yml', import.meta.url));
const DASHBOARD = fileURLToPath(new URL('../../../deploy/grafana/dashboards/gwm.json', import.meta.url));
const ALERTS = fileURLToPath(new URL('../../../deploy/alerts.yml', import.meta.url));
const CASES = fileURLToPath(new URL('./alert-cases.yml', import.meta.url));

async function promtool(...args: string[]) {
  const process = startProcess('promtool', args);
  const { code } = await process.exit;
  return { code, output: [...process.stdout, ...process.stderr].join('\n') };
}

test('Prometheus reads the alerts', async () => {
  const { code, output } = await promtool('check', 'rules', ALERTS);
  expect(code, output).toBe(0);
});

test('each alert comes when it must, and not before', async () => {
  const { code, output } = await promtool('test', 'rules', CASES);
  expect(code, output).toBe(0);
});

test('Prometheus reads its configuration, with the alerts beside it as Compose mounts them', async () => {
  const folder = await openFolder();
  await copyFile(CONFIGURATION, join(folder, 'prometheus.yml'));
  await copyFile(ALERTS, join(folder, 'alerts.yml'));

  const { code, output } = await promtool('check', 'config', join(folder, 'prometheus.yml'));
  expect(code, output).toBe(0);
});

test('Prometheus reads every query of the dashboard', async () => {
  const { panels }: { panels: { targets?: { expr: string }[] }[] } = JSON.parse(
    await readFile(DASHBOARD, 'utf8'),
  );
  const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  const rules = queries.map((expr, index) => ({
    record: `query:${index}`,
    // As Grafana fills in its variables.
    expr: expr.replaceAll('$__rate_interval', '1m').replaceAll(/\$(tenant|kind)/g, '.*'),
  }));
  const file = join(await openFolder(), 'queries.yml');
  await writeFile(file, JSON.stringify({ groups: [{ name: 'queries', rules }] }));

  const { code, output } = await promtool('check', 'rules', file);
  expect(code, output).toBe(0);
  expect(output).toContain(`${queries.length} rules found`);
});

async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gwm-promtool-'));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
