import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plan, Stage } from './stages.ts';
import { describeTally, sumUp, type Tally, type TestReport, tallyTests } from './tally.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs all stages of a plan, also after a failure. It passes their output on, and prints the sum of
 * their tallies as the last line.
 * @returns the exit code, which is 1 after a failure. A project without a test is a failure
 */
export async function runStages({ main, beside }: Plan): Promise<number> {
  const reports = await mkdtemp(join(tmpdir(), 'gwm-reports-'));
  try {
    const tallies = await Promise.all([
      runInOrder(beside, { reports, output: 'pipe' }),
      runInOrder(main, { reports, output: 'inherit' }),
    ]);
    const total = sumUp(tallies.flat());
    console.log(`\n${describeTally(total)}`);
    return total.failed === 0 ? 0 : 1;
  } finally {
    await rm(reports, { recursive: true, force: true });
  }
}

interface How {
  /** The folder for the reports of vitest. */
  readonly reports: string;
  /** Our own streams, or a pipe whose content appears at the end of the stage. */
  readonly output: 'inherit' | 'pipe';
}

async function runInOrder(stages: readonly Stage[], how: How): Promise<Tally[]> {
  const tallies: Tally[] = [];
  for (const stage of stages) {
    tallies.push(await (stage.projects.length === 0 ? runCheck(stage, how) : runTests(stage, how)));
  }
  return tallies;
}

async function runCheck(stage: Stage, { output }: How): Promise<Tally> {
  const exitCode = await run(stage, [], output);
  return exitCode === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

async function runTests(stage: Stage, { reports, output }: How): Promise<Tally> {
  const reportFile = join(reports, `${stage.projects.join('-')}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const exitCode = await run(stage, reporters, output);
  return tallyTests(await readReport(reportFile), exitCode, stage.projects);
}

/** @returns the exit code of the stage, or 1 when a signal ended it. */
async function run(
  { name, command, args }: Stage,
  moreArgs: readonly string[],
  output: How['output'],
): Promise<number> {
  const title = `\n== ${name}: ${command} ${args.join(' ')}`;
  if (output === 'inherit') console.log(title);
  const child = spawn(command, [...args, ...moreArgs], {
    cwd: ROOT,
    stdio: ['ignore', output, output],
    env: environment(),
  });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => said.push(chunk));
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return code ?? 1;
  } catch (error) {
    console.error(`${command} cannot be started: ${error}`);
    return 1;
  } finally {
    if (output === 'pipe') console.log(`${title}\n${Buffer.concat(said)}`);
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
