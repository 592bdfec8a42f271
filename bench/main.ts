import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compare } from './compare.ts';
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
 *     --lines n  lines of the long batch of `ingest`, and jobs of `restart`; 1,000,000 by default
 *     --rounds n  rounds of each benchmark; with --compare, runs of each checkout
 *     --compare ref  these benchmarks on this commit and on the working tree, in turn
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    program: { type: 'string' },
    lines: { type: 'string' },
    rounds: { type: 'string' },
    compare: { type: 'string' },
  },
});

const unknown = positionals.filter((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) {
  fail(`No benchmark ${unknown.join(', ')}. There are: ${BENCHMARKS.map(({ name }) => name).join(', ')}.`);
}
const chosen = BENCHMARKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const nodeOptions = values.profile ? ['--cpu-prof', `--cpu-prof-dir=${process.cwd()}`] : [];
const lines = wholeNumber('lines');
const rounds = wholeNumber('rounds');
const say = (what: string) => console.error(`  ${what}`);

console.error(await describeMachine());
if (values.compare !== undefined) {
  const { compare: ref, program, profile, quick: isQuick, json: isJson } = values;
  if (program !== undefined || profile)
    fail('--compare runs the sources, and takes no --program or --profile.');
  const names = chosen.map(({ name }) => name);
  await compare({ ref, names, isQuick, isJson, lines, rounds, say }).catch((error: Error) =>
    fail(error.message),
  );
  process.exit();
}
for (const benchmark of chosen) {
  console.error(`\n${benchmark.name}: ${benchmark.summary}`);
  const startedMs = performance.now();
  await using lab = await openLab({
    isQuick: values.quick,
    lines,
    rounds,
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

function wholeNumber(name: 'lines' | 'rounds'): number | undefined {
  if (values[name] === undefined) return undefined;
  const number = Number(values[name]);
  if (!(Number.isInteger(number) && number > 0)) fail(`Expected a whole number above 0 behind --${name}.`);
  return number;
}

function fail(complaint: string): never {
  console.error(complaint);
  process.exit(1);
}
