import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startProcess } from '../../support/processes.ts';

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
