import { expect, test } from 'vitest';
import {
  INVISIBLE,
  OVERRIDES,
  SKIPPED_IN_ADDRESS,
  UNREADABLE,
  UNREADABLE_IN_FILE_NAME,
  UNSEEN,
  UNSEEN_BUT_LINES,
} from '../../../src/core/characters.ts';

const EXPRESSIONS = {
  UNSEEN,
  UNSEEN_BUT_LINES,
  INVISIBLE,
  UNREADABLE,
  UNREADABLE_IN_FILE_NAME,
  SKIPPED_IN_ADDRESS,
  OVERRIDES,
};

const ALL_BUT_OVERRIDES = Object.keys(EXPRESSIONS).filter((name) => name !== 'OVERRIDES');
const PRINTED = ['UNSEEN', 'UNSEEN_BUT_LINES'];

test.for([
  ['a letter', 'a', []],
  ['an emoji', '😀', []],
  ['a space', ' ', []],
  ['NUL', '\0', ALL_BUT_OVERRIDES],
  ['DEL', '\u007f', ALL_BUT_OVERRIDES],
  ['a control of C1', '\u0085', ALL_BUT_OVERRIDES],
  ['a line feed', '\n', ['UNSEEN', 'UNREADABLE_IN_FILE_NAME', 'SKIPPED_IN_ADDRESS']],
  ['a tab', '\t', [...PRINTED, 'UNREADABLE_IN_FILE_NAME', 'SKIPPED_IN_ADDRESS']],
  ['a line separator', '\u2028', [...PRINTED, 'UNREADABLE_IN_FILE_NAME']],
  ['a soft hyphen', '\u00ad', [...PRINTED, 'INVISIBLE', 'SKIPPED_IN_ADDRESS']],
  ['a zero-width joiner', '\u200d', [...PRINTED, 'INVISIBLE', 'SKIPPED_IN_ADDRESS']],
  ['a variation selector', '\ufe0f', [...PRINTED, 'INVISIBLE']],
  ['a Hangul filler', '\u3164', [...PRINTED, 'INVISIBLE']],
  ['a mark of direction', '\u200f', [...PRINTED, 'INVISIBLE', 'SKIPPED_IN_ADDRESS']],
  ['an embedding', '\u202a', [...PRINTED, 'INVISIBLE', 'UNREADABLE_IN_FILE_NAME', 'SKIPPED_IN_ADDRESS']],
  [
    'an override',
    '\u202e',
    [...PRINTED, 'INVISIBLE', 'UNREADABLE_IN_FILE_NAME', 'SKIPPED_IN_ADDRESS', 'OVERRIDES'],
  ],
  [
    'half of a surrogate pair',
    '\ud800',
    [...PRINTED, 'UNREADABLE', 'UNREADABLE_IN_FILE_NAME', 'SKIPPED_IN_ADDRESS'],
  ],
  ['a code point that is no character', '\ufffe', [...PRINTED, 'UNREADABLE', 'SKIPPED_IN_ADDRESS']],
] as const)('%s is matched by the expressions that the table names', ([, character, names]) => {
  const found = Object.entries(EXPRESSIONS).filter(([, expression]) => character.search(expression) === 0);
  expect(found.map(([name]) => name)).toEqual(names);
});
