import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { startProcess } from '../support/processes.ts';

const MAIN = fileURLToPath(new URL('../../bench/main.ts', import.meta.url));

/** The tree without files, which every repository knows. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

describe('the benchmarks', () => {
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
