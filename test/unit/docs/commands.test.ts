import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../../../src/cli/program.ts';
import { SETTINGS } from '../../../src/config/settings.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const pages = [
  'README.md',
  ...readdirSync(`${ROOT}docs`).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];
const program = createProgram();
const operations = read('docs/operations.md');

describe('a command of gwm in the documents', () => {
  test.for(pages)('exists with its options: %s', (page) => {
    expect(commandsIn(read(page)).flatMap(problemsOf)).toEqual([]);
  });

  test.for([
    ['gwm doktor', 'no command doktor'],
    ['gwm jobs remove x', 'no command remove of jobs'],
    ['gwm pause acme --until 2h', 'no option --until of pause'],
    ['gwm --versions', 'no option --versions of gwm'],
  ] as const)('is found to be wrong: %s', ([command, problem]) => {
    expect(commandsIn(`\`${command}\``).flatMap(problemsOf)).toEqual([problem]);
    expect(commandsIn(`\`\`\`\n${command}   # why\n\`\`\``).flatMap(problemsOf)).toEqual([problem]);
  });
});

describe('docs/operations.md', () => {
  test('names files of deploy/ that exist', () => {
    const named = [...operations.matchAll(/`(deploy\/[\w./@-]+)`/g)].map(([, file = '']) => file);

    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((file) => !existsSync(`${ROOT}${file}`))).toEqual([]);
  });

  test('says how to rotate every secret that a setting or a tenant has', () => {
    const [, rotation = ''] = operations.split('## Rotation');
    const secrets = Object.values(SETTINGS).flatMap((each) =>
      'secret' in each && each.secret ? [each.env] : [],
    );
    const wanted = [
      ...secrets,
      'REDIS_TLS_KEY_FILE',
      'clientSecret',
      'callback.secret',
      'callback.previousSecret',
    ];

    expect(secrets.length).toBeGreaterThan(5);
    expect(wanted.filter((name) => !rotation.includes(`\`${name}\``))).toEqual([]);
  });

  test.for([
    'Backup',
    'Restore',
    'Lost Redis',
    'Upgrade',
    'Rotation',
    'systemd',
    'Kubernetes',
    'Capacity',
    'Probes',
  ])('has a section %s, to which its first lines may lead', (title) => {
    expect(operations).toContain(`\n## ${title}\n`);
  });

  test('leads to sections that exist', () => {
    const anchors = [...operations.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title.toLowerCase().replaceAll(' ', '-'),
    );
    const links = [...operations.matchAll(/\]\(#([\w-]+)\)/g)].map(([, anchor = '']) => anchor);

    expect(links.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
  });
});

/** The commands in code of a text: between backticks, and the lines of blocks. */
function commandsIn(text: string): string[] {
  const blocks = [...text.matchAll(/^ *```\w*\n([\s\S]*?)^ *```/gm)].flatMap(([, block = '']) =>
    block.split('\n'),
  );
  const inline = [...text.replaceAll(/^ *```[\s\S]*?^ *```/gm, '').matchAll(/`([^`\n]+)`/g)].map(
    ([, code = '']) => code,
  );
  return [...blocks, ...inline]
    .map((code) => /(?:^|\| |run -s )(gwm (?:-- )?.+)$/.exec(code.trim())?.[1] ?? '')
    .filter((code) => code !== '')
    .map((code) => code.replace(/^gwm --(?= |$)/, 'gwm').replace(/ {2,}.*$| #.*$| [|>].*$/, ''));
}

/** What of a command line the program does not have. */
function problemsOf(line: string): string[] {
  const [, ...words] = line.split(/\s+/);
  let command: Command = program;
  const problems: string[] = [];
  for (const word of words) {
    // Alternatives: `get|list`; in a table `get\|list`.
    const [plain = '', ...others] = word.replace(/^\[|\]$/g, '').split(/\\?\|/);
    const { commands } = command;
    for (const other of others.filter((each) => commands.length > 0 && !commands.some(isNamed(each))))
      problems.push(`no command ${other} of ${command.name()}`);
    const known = commands.find(isNamed(plain));
    if (known) command = known;
    else if (plain.startsWith('--')) problems.push(...optionProblem(command, plain.split('=')[0] ?? ''));
    else if (commands.length > 0 && /^[a-z-]+$/.test(plain)) {
      problems.push(`no command ${plain}${command === program ? '' : ` of ${command.name()}`}`);
      break;
    }
  }
  return problems;
}

const isNamed = (name: string) => (command: Command) => command.name() === name;

function optionProblem(command: Command, option: string): string[] {
  const known = ['--help', ...command.options.map(({ long }) => long)];
  return known.includes(option) ? [] : [`no option ${option} of ${command.name()}`];
}

function read(file: string): string {
  return readFileSync(`${ROOT}${file}`, 'utf8');
}
