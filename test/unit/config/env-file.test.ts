import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEnvFile } from '../../../src/config/env-file.ts';
import { OperatorError } from '../../../src/core/errors.ts';

const read = (text: string) => parseEnvFile('/srv/.env', Buffer.from(text));

describe('a line that Node and Compose read in the same way', () => {
  test.for([
    ['BOARD_PASSWORD=correcthorse', 'correcthorse'],
    ["BOARD_PASSWORD='correct#horse'", 'correct#horse'],
    ["BOARD_PASSWORD='a$b\\c\"d`e'", 'a$b\\c"d`e'],
    ['BOARD_PASSWORD="correct#horse"', 'correct#horse'],
    ['BOARD_PASSWORD=correct # horse', 'correct'],
    ["BOARD_PASSWORD='correct' # horse's", 'correct'],
    ['  BOARD_PASSWORD = correct horse  ', 'correct horse'],
    ['BOARD_PASSWORD=C:\\secrets', 'C:\\secrets'],
    ["BOARD_PASSWORD=it's", "it's"],
    ['BOARD_PASSWORD=', ''],
    ['\uFEFF# comment\r\nBOARD_PASSWORD=correct\r\n', 'correct'],
  ] as const)('is read: %j', ([text, value]) => {
    expect(read(text)).toEqual({ BOARD_PASSWORD: value });
  });

  test('may have any value in single quotes, without a single quote in it or a backslash at its end', () => {
    const value = fc
      .string({ unit: 'grapheme' })
      .filter((text) => !/['\n\r\u0085\u2028\u2029\0]/.test(text) && !text.endsWith('\\'));
    fc.assert(
      fc.property(value, (text) => {
        expect(read(`SECRET='${text}'\nOTHER=1`)).toEqual({ SECRET: text, OTHER: '1' });
      }),
    );
  });
});

describe('a line that Node and Compose read differently', () => {
  test.for([
    'BOARD_PASSWORD=hunter2#battery',
    'BOARD_PASSWORD=#hunter2',
    'BOARD_PASSWORD= # hunter2',
    'BOARD_PASSWORD=hunter2\t# comment',
    'BOARD_PASSWORD=hunter2#a # comment',
    'BOARD_PASSWORD=hunter2$HOME',
    'BOARD_PASSWORD=hunter2$',
    ['BOARD_PASSWORD="hunter2$', '{HOME}"'].join(''),
    'BOARD_PASSWORD="hunter2\\nb"',
    "BOARD_PASSWORD='hunter2\\'",
    "BOARD_PASSWORD='hunter2",
    'BOARD_PASSWORD="hunter2',
    'BOARD_PASSWORD="hunter2"b',
    "BOARD_PASSWORD='hunter2'#b",
    'BOARD_PASSWORD=`hunter2`',
    'BOARD_PASSWORD=hunter2\u00a0',
    'BOARD_PASSWORD=\u00a0hunter2',
    'BOARD_PASSWORD=hunter2\u3000# comment',
    'BOARD_PASSWORD=hunter2\f',
    'BOARD_PASSWORD=hunter2\u0085',
    'BOARD_PASSWORD=hunter2\0',
  ])('is refused with its number and variable, without its value: %j', (line) => {
    const failure = failureOf(`# comment\n\n${line}\nHTTP_PORT=7396`);

    expect(failure).toMatch(
      /^The settings file \/srv\/\.env can be read in two ways:\n {2}line 3 \(BOARD_PASSWORD\): /,
    );
    expect(failure.split('\n')).toHaveLength(2);
    expect(failure).not.toContain('hunter2');
  });

  test.for([
    ['export BOARD_PASSWORD=hunter2', 'leave out "export"'],
    ['hunter2', 'wanted a comment, or NAME=value'],
    ['BOARD_PASSWORD: hunter2', 'wanted a comment, or NAME=value'],
    ['1X=hunter2', 'wanted a comment, or NAME=value'],
    ['\u00a0BOARD_PASSWORD=hunter2', 'wanted a comment, or NAME=value'],
  ] as const)('is refused without a variable: %j', ([line, what]) => {
    const failure = failureOf(line);

    expect(failure).toContain(`line 1: ${what}`);
    expect(failure).not.toContain('hunter2');
  });

  test('is reported together with all others', () => {
    expect(failureOf('A=1#2\nB=ok\nC="$x"')).toMatch(/line 1 \(A\).*\n.*line 3 \(C\)/);
  });
});

test('a file in another encoding is refused', () => {
  const latin1 = Buffer.from('BOARD_PASSWORD=Gr\u00fc\u00dfe', 'latin1');

  expect(() => parseEnvFile('/srv/.env', latin1)).toThrow('The settings file /srv/.env is not UTF-8');
});

function failureOf(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof OperatorError) return error.message;
  }
  return expect.fail('it was read');
}
