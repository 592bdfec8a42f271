import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Stage } from './stages.ts';
import { describeTally, sumUp, type Tally, type TestReport, tallyTests } from './tally.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs all stages one after the other, also after a failure. It passes their output on, and prints
 * the sum of their tallies as the last line.
 * @returns the exit code, which is 1 after a failure. A project without a test is a failure
 */
export async function runStages(stages: readonly Stage[]): Promise<number> {
  const reports = await mkdtemp(join(tmpdir(), 'gwm-reports-'));
  const checks: Tally[] = [];
  const tests: Tally[] = [];
  try {
    for (const stage of stages) {
      if (stage.projects.length === 0) checks.push(await runCheck(stage));
      else tests.push(await runTests(stage, join(reports, `${tests.length}.json`)));
    }
  } finally {
    await rm(reports, { recursive: true, force: true });
  }

  const total = sumUp([...checks, ...tests]);
  console.log(`\n${describeTally(total)}`);
  return total.failed === 0 ? 0 : 1;
}

async function runCheck(stage: Stage): Promise<Tally> {
  const exitCode = await run(stage, []);
  return exitCode === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

async function runTests(stage: Stage, reportFile: string): Promise<Tally> {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const exitCode = await run(stage, reporters);
  return tallyTests(await readReport(reportFile), exitCode, stage.projects);
}

/** Runs a stage in our own streams. @returns its exit code, or 1 when a signal ended it */
async function run({ name, command, args }: Stage, moreArgs: string[]): Promise<number> {
  console.log(`\n== ${name}: ${command} ${args.join(' ')}`);
  const child = spawn(command, [...args, ...moreArgs], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: environment(),
  });
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? 1;
  } catch (error) {
    console.error(`${command} cannot be started: ${error}`);
    return 1;
  }
}

function environment(): NodeJS.ProcessEnv {
  const path = [join(ROOT, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
  // Some tools write colors into log files too.
  const plain = process.stdout.isTTY || process.env['FORCE_COLOR'] ? {} : { NO_COLOR: '1' };
  return { ...process.env, ...plain, PATH: path };
}

/** Undefined when the run wrote no report. */
async function readReport(file: string): Promise<TestReport | undefined> {
  if (!existsSync(file)) return undefined;
  return JSON.parse(await readFile(file, 'utf8')) as TestReport;
}
