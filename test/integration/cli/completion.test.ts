import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { runCommand } from '../../support/gwm-command.ts';
import { onEnd } from '../../support/lifetime.ts';

/** Each shell loads the script that `gwm completion` prints, and completes a line with it. */

let folder: string;
const scripts: Record<string, string> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gwm-completion-'));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, stdout } = await runCommand(['completion', shell]);
    expect(code).toBe(0);
    scripts[shell] = join(folder, `gwm.${shell}`);
    await writeFile(scripts[shell], `${stdout}\n`);
  }
  await writeFile(join(folder, 'messages.ndjson'), '');
});

/** Runs a shell with a program on its command line. @returns the lines of its output. */
function run(shell: string, args: readonly string[]): string[] {
  const { stdout, stderr, error } = spawnSync(shell, args, { encoding: 'utf8', cwd: folder });
  expect(error, `${shell} is missing: node scripts/setup.js --shells installs it`).toBeUndefined();
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

/** A line to complete at its end, and what the shell must offer. */
const LINES: readonly (readonly [line: string, offers: readonly string[]])[] = [
  ['gwm enq', ['enqueue']],
  ['gwm jobs ca', ['cancel']],
  ['gwm jobs list --state fa', ['failed']],
  ['gwm jobs list --code CONVERSATION_C', ['CONVERSATION_CLOSED']],
  ['gwm jobs retry --tenant acme --dry', ['--dry-run']],
  ['gwm jobs cancel --tenant acme card', ['card-delivery']],
  ['gwm enqueue --json message-transmission mess', ['messages.ndjson']],
  ['gwm worker card-delivery audit', ['audit-sync']],
  ['gwm completion b', ['bash']],
  ['gwm jobs nothing-such', []],
];

test.for(LINES)('bash completes: %s', ([line, offers]) => {
  const words = line.split(' ').map((word) => `'${word}'`);
  const program = `source ${scripts['bash']}; COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _gwm; printf '%s\\n' "\${COMPREPLY[@]}"`;

  expect(run('bash', ['--norc', '-c', program])).toEqual(offers);
});

test('bash completes a value behind an equals sign, which it makes a word of its own', () => {
  const program = `source ${scripts['bash']}; COMP_WORDS=(gwm jobs list --state = fa); COMP_CWORD=5; _gwm; printf '%s\\n' "\${COMPREPLY[@]}"`;

  expect(run('bash', ['--norc', '-c', program])).toEqual(['failed']);
});

test.for(LINES)('fish completes: %s', ([line, offers]) => {
  const found = run('fish', ['--no-config', '-c', `source ${scripts['fish']}; complete -C '${line}'`]);

  expect(found.map((each) => each.split('\t')[0])).toEqual(offers);
});

/** A pseudo terminal, because zsh completes only for a person. It types the lines, and shows what zsh made of them. */
test('zsh completes the same lines', () => {
  const completed = LINES.filter(([, offers]) => offers.length > 0);
  const steps = completed.map(([line, [offer = '']]) => {
    const [whole] = [`${line.slice(0, line.lastIndexOf(' '))} ${offer}`];
    return `zpty -w -n z $'\\C-u${line}\\t'; zpty -r z said '*${whole}*' && print -r -- '${whole}'`;
  });
  const setup = `cd ${folder}; PS1=; unsetopt beep; autoload -U compinit; compinit -u -d ${folder}/dump; source ${scripts['zsh']}; print LOA''DED`;
  const program = [
    'zmodload zsh/zpty',
    'zpty z zsh -f -i',
    `zpty -w z ${JSON.stringify(setup)}`,
    "zpty -r z said '*LOADED*'",
    ...steps,
    'zpty -d z',
  ].join('\n');

  const wanted = completed.map(([line, [offer]]) => `${line.slice(0, line.lastIndexOf(' '))} ${offer}`);
  expect(run('zsh', ['-f', '-c', program])).toEqual(wanted);
});
