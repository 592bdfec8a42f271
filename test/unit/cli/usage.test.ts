import type { Command } from 'commander';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { EXIT_CODES, exitCode, exitCodeOf, renderExitCodes } from '../../../src/cli/exit-codes.ts';
import { createProgram } from '../../../src/cli/program.ts';
import { runProgram, withoutValues } from '../../../src/cli/usage.ts';
import { messageOf } from '../../../src/core/errors.ts';

const KIND = 'message-transmission';
const SECRET = 'https://u:SECRET@h';

/** Every command without subcommands, with its path. */
function leaves(command: Command = createProgram(), path = 'gwm'): [string, Command][] {
  if (command.commands.length === 0) return [[path, command]];
  return command.commands.flatMap((each) => leaves(each, `${path} ${each.name()}`));
}

describe('every command', () => {
  test.for(leaves())('%s has --json', ([, command]) => {
    expect(command.options.map(({ long }) => long)).toContain('--json');
  });

  test.for(leaves())('%s checks each value that is no text', ([, command]) => {
    const unchecked = command.options.filter(
      ({ flags, parseArg }) => /<(number|duration|time)>/.test(flags) && parseArg === undefined,
    );
    expect(unchecked.map(({ flags }) => flags)).toEqual([]);
  });
});

describe('a wrong argument', () => {
  test.for([
    ['jobs', 'list', KIND, 'failed', '--limit', 'abc'],
    ['jobs', 'list', KIND, 'failed', '--limit', '0'],
    ['jobs', 'list', KIND, 'failed', '--limit', '-1'],
    ['jobs', 'list', KIND, 'failed', '--limit', '1e3'],
    ['jobs', 'list', KIND, 'failed', '--limit', '99999999999'],
    ['jobs', 'list', KIND, 'failed', `--limit=${SECRET}`],
    ['jobs', 'list', KIND, SECRET],
    ['jobs', 'list', SECRET],
    ['jobs', 'get', SECRET, 'j1'],
    ['jobs', 'get', KIND],
    ['jobs', 'get', KIND, 'j1', SECRET],
    ['jobs'],
    ['enqueue', SECRET],
    ['worker', SECRET],
    ['pause', 'acme', '--for', SECRET],
    ['pause', 'acme', '--for', '1000000d'],
    ['pause', 'acme', '--for', '1h', '--bucket', SECRET],
    ['webhooks', 'replay', '--endpoint', 'e', '--since', SECRET],
    ['webhooks', 'replay', '--endpoint', SECRET],
    ['audit', 'export', '--tenant', 'acme', '--from', SECRET],
    ['audit', 'export', '--tenant', 'acme', '--from', '2026-03-02', '--to', '2026-03-01'],
    ['audit', 'export', '--tenant', 'acme', '--format', SECRET],
    ['audit', 'schedule', '--tenant', 'acme', '--organizations', 'a', '--every', SECRET],
    ['sandbox', '--port', SECRET],
    [SECRET],
    ['status', SECRET],
    ['status', `--${SECRET}`],
  ])('is refused and not quoted: %j', async (args) => {
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    onTestFinished(() => written.mockRestore());

    const thrown = await runProgram(createProgram(), args).catch((error: unknown) => error);

    expect(exitCodeOf(thrown)).toBe(exitCode('usage'));
    expect(`${messageOf(thrown)}${written.mock.calls.join('')}`).not.toMatch(/SECRET|u:/);
  });
});

describe('a message of commander', () => {
  test.for([
    [`error: unknown command '${SECRET}'`, 'unknown command'],
    [`error: unknown command 'wroker'\n(Did you mean worker?)`, 'unknown command\n(Did you mean worker?)'],
    [`error: unknown option '--x=${SECRET}'`, 'unknown option'],
    [
      `error: option '--limit <number>' argument '${SECRET}' is invalid. It must be a whole number from 1 to 9.`,
      '--limit <number> is not valid. It must be a whole number from 1 to 9.',
    ],
    [
      `error: option '--limit <number>' argument 'x' is invalid. It must be ${SECRET}' is invalid. It must be a word.`,
      '--limit <number> is not valid. It must be a word.',
    ],
    [
      `error: command-argument value '${SECRET}' is invalid for argument 'queue'. Allowed choices are a, b.`,
      '<queue> is not valid. Allowed choices are a, b.',
    ],
    [
      `error: too many arguments for 'get'. Expected 2 arguments but got 3: a, b, ${SECRET}.`,
      "too many arguments for 'get'. Expected 2 arguments",
    ],
    ["error: missing required argument 'id'", "missing required argument 'id'"],
  ] as const)('is shown without the value: %s', ([message, expected]) => {
    expect(withoutValues(message)).toBe(expected);
  });
});

test('the exit codes differ, and the help lists them all', () => {
  expect(new Set(EXIT_CODES.map(({ code }) => code)).size).toBe(EXIT_CODES.length);
  for (const { code, meaning } of EXIT_CODES)
    expect(renderExitCodes()).toContain(`${code}`.padEnd(5) + meaning);
});
