import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { figureOf, headlineOf } from './figure.ts';
import { openLab } from './lab.ts';
import { describeMachine } from './machine.ts';
import { type Result, renderJson, renderTable } from './print.ts';
import { BENCHMARKS } from './registry.ts';

/**
 * Measures ours and a reference in one run on one machine:
 *
 *   npm run bench                      all benchmarks
 *   npm run bench -- throughput order  these two
 *     --quick    small numbers, which only show that a benchmark works
 *     --json     one line for each benchmark
 *     --profile  each worker and server writes a .cpuprofile into the current folder
 *     --program file  the program to measure, such as a build; the source by default
 *     --lines n  lines of the long batch of `ingest`; 1,000,000 by default
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    program: { type: 'string' },
    lines: { type: 'string' },
  },
});

const unknown = positionals.filter((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) {
  console.error(
    `No benchmark ${unknown.join(', ')}. There are: ${BENCHMARKS.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(1);
}
const chosen = BENCHMARKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const nodeOptions = values.profile ? ['--cpu-prof', `--cpu-prof-dir=${process.cwd()}`] : [];
const lines = values.lines === undefined ? undefined : Number(values.lines);
if (lines !== undefined && !(Number.isInteger(lines) && lines > 0)) {
  console.error('Expected a whole number above 0 behind --lines.');
  process.exit(1);
}
const say = (what: string) => console.error(`  ${what}`);

console.error(await describeMachine());
for (const benchmark of chosen) {
  console.error(`\n${benchmark.name}: ${benchmark.summary}`);
  const startedMs = performance.now();
  await using lab = await openLab({
    isQuick: values.quick,
    lines,
    program: values.program && resolve(values.program),
    nodeOptions,
    say,
  });
  const { figures: measured, details } = await benchmark.run(lab);
  const figures = measured.map(figureOf);
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  const result: Result = { name: benchmark.name, headline: headlineOf(figures), figures, details, seconds };
  console.log(values.json ? renderJson(result) : renderTable(result));
}
