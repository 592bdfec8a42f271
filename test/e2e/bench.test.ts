import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { GWM } from '../support/gwm.ts';
import { startProcess } from '../support/processes.ts';

const MAIN = fileURLToPath(new URL('../../bench/main.ts', import.meta.url));
const NAMES = [
  'throughput',
  'latency',
  'enqueue',
  'ingest',
  'callbacks',
  'noisy-neighbour',
  'utilisation',
  'order',
  'recovery',
  'growth',
  'memory',
  'audit',
  'profile',
];
/** Benchmarks without a target. */
const FOR_INFORMATION: ReadonlySet<string> = new Set(['latency']);

/** The tree without files, which every repository knows. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

describe('the benchmarks', () => {
  test('print one line each, with ours and the reference', { timeout: 600_000 }, async () => {
    const bench = startProcess(process.execPath, [MAIN, '--quick', '--json', '--program', GWM]);
    expect(await bench.exit).toMatchObject({ code: 0 });

    const results = bench.stdout.map((line) => JSON.parse(line));
    expect(results.map(({ name }) => name)).toEqual(NAMES);
    for (const result of results) {
      expect(result).toMatchObject({
        ours: expect.any(Number),
        reference: expect.any(Number),
        ratio: expect.any(Number),
        unit: expect.any(String),
      });
      if (!FOR_INFORMATION.has(result.name)) expect(result).toMatchObject({ target: expect.any(Object) });
    }
    // The figures depend on the machine. These counts do not.
    const resultOf = (name: string) => results.find((result) => result.name === name);
    expect(resultOf('order')).toMatchObject({ outOfOrder: 0 });
    expect(resultOf('recovery')).toMatchObject({ inHand: expect.any(Number), lost: 0 });
    // A loaded machine may bunch requests up, and they get a 429 then.
    expect(resultOf('utilisation')).toMatchObject({ duplicates: 0, outOfOrder: 0 });
  });

  test('reject an unknown name, and list the existing ones', async () => {
    const bench = startProcess(process.execPath, [MAIN, 'speed'], {});
    expect(await bench.exit).toMatchObject({ code: 1 });
    expect(bench.stderr.join('\n')).toBe(`No benchmark speed. There are: ${NAMES.join(', ')}.`);
  });

  test('compare a commit with the working tree', async () => {
    const bench = startProcess(process.execPath, [MAIN, '--compare', 'HEAD', '--quick', '--json', 'enqueue']);
    expect(await bench.exit).toMatchObject({ code: 0 });
    const [line = ''] = bench.stdout;
    const figure = { before: expect.any(Number), now: expect.any(Number), ratio: expect.any(Number) };
    expect(JSON.parse(line)).toMatchObject({ name: 'enqueue', figures: [figure, figure] });
    expect(gitOutput('worktree', 'list')).not.toContain('gwm-compare-');
  });

  test('say which benchmarks a commit does not have, and go on', async () => {
    const commit = gitOutput('commit-tree', EMPTY_TREE, '-m', 'empty');
    const args = ['--compare', commit, '--quick', 'enqueue', 'latency'];
    const bench = startProcess(process.execPath, [MAIN, ...args]);
    expect(await bench.exit).toMatchObject({ code: 0 });
    expect(bench.stderr).toEqual(
      expect.arrayContaining([`${commit} has no benchmark enqueue.`, `${commit} has no benchmark latency.`]),
    );
  });
});

/** Commits of the same files have the same id in every run. */
const SAME_ID = {
  GIT_AUTHOR_NAME: 'bench',
  GIT_AUTHOR_EMAIL: 'bench@localhost',
  GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'bench',
  GIT_COMMITTER_EMAIL: 'bench@localhost',
  GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
};

function gitOutput(...args: readonly string[]): string {
  const options = { cwd: dirname(MAIN), env: { ...process.env, ...SAME_ID }, encoding: 'utf8' } as const;
  return execFileSync('git', args, options).trim();
}
