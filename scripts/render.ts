/**
 * Writes the files and passages that are rendered from the source, so that the source is the only
 * place of each fact. With --check it writes nothing, and exits 1 when one of them is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderExamples, renderFigures, renderOnePartition } from '../src/capacity/render.ts';
import { renderExitCodesTable } from '../src/cli/exit-codes.ts';
import { renderEnvExample, renderSettingsPage } from '../src/config/render.ts';
import { renderErrorsPage } from '../src/core/render-errors.ts';
import { renderNeedsTable } from '../src/genesys/dialects/platform/needs.ts';
import { renderOpenApi } from '../src/http/openapi.ts';
import { ROUTES } from '../src/http/routes/all.ts';
import { renderMetricsPage } from '../src/observe/render-metrics.ts';
import { renderSpanAttributes } from '../src/observe/span-attributes.ts';
import { renderAcl } from '../src/redis/commands.ts';
import { renderReliabilityPage } from '../test/chaos/render-page.ts';
import { readRun } from '../test/chaos/stored-run.ts';
import { renderApiTypes } from './api-types.ts';
import { renderDashboard } from './dashboard/render.ts';

const root = join(import.meta.dirname, '..');

const openApi = await renderOpenApi(ROUTES);
const apiTypes = await renderApiTypes(openApi);

const rendered: Record<string, (current: string) => string> = {
  '.env.example': renderEnvExample,
  'deploy/grafana/dashboards/gwm.json': () => renderDashboard(),
  'docs/capacity.md': (current) =>
    replacePassages(current, {
      examples: renderExamples(),
      'one-partition': renderOnePartition(),
      figures: renderFigures(),
    }),
  'docs/errors.md': renderErrorsPage,
  'docs/metrics.md': renderMetricsPage,
  'docs/openapi.json': () => openApi,
  'test/support/api-types.ts': () => apiTypes,
  'docs/cli.md': (current) => replacePassage(current, 'exit-codes', renderExitCodesTable()),
  'docs/platform.md': (current) => replacePassage(current, 'permissions', renderNeedsTable()),
  'docs/redis.md': (current) => replacePassage(current, 'acl', renderAcl()),
  'docs/reliability.md': () => renderReliabilityPage(readRun()),
  'docs/settings.md': renderSettingsPage,
  'docs/traces.md': (current) => replacePassage(current, 'attributes', renderSpanAttributes()),
};

function replacePassages(document: string, texts: Readonly<Record<string, string>>): string {
  return Object.entries(texts).reduce((before, [name, text]) => replacePassage(before, name, text), document);
}

/** Puts `text` between the two marker comments of a passage. */
function replacePassage(document: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name}: rendered -->`, `<!-- /${name} -->`];
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`There is no passage ${begin} … ${end}.`);
  return `${document.slice(0, from + begin.length)}\n\n${text}\n\n${document.slice(to)}`;
}

function read(file: string): string {
  try {
    return readFileSync(join(root, file), 'utf8');
  } catch {
    return '';
  }
}

const stale = Object.entries(rendered).filter(([file, render]) => render(read(file)) !== read(file));

if (!process.argv.includes('--check')) {
  for (const [file, render] of stale) writeFileSync(join(root, file), render(read(file)));
  console.log(
    stale.length === 0 ? 'nothing to render' : `rendered ${stale.map(([file]) => file).join(', ')}`,
  );
} else if (stale.length > 0) {
  console.error(`stale, run \`npm run render\`: ${stale.map(([file]) => file).join(', ')}`);
  process.exitCode = 1;
}
