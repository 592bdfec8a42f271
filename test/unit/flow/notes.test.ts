import { expect, test } from 'vitest';
import { readNotes } from '../../../src/flow/notes.ts';

test('the notes of a job are read in their order, and what is no note is left out', () => {
  const field = [
    'wait:rate,1000,1,1000,2000',
    'again:RATE_LIMITED:429,3000,12,9000,',
    'again:GENESYS_UNREACHABLE:,9100,1,9100,9500',
    'died,9600,1,9600,',
    'hello, world',
    'wait:rate,x,1,1000,',
    '',
  ].join(';');

  expect(readNotes(field)).toEqual([
    { word: 'wait', about: 'rate', status: null, times: 1, firstMs: 1000, lastMs: 1000, untilMs: 2000 },
    {
      word: 'again',
      about: 'RATE_LIMITED',
      status: 429,
      times: 12,
      firstMs: 3000,
      lastMs: 9000,
      untilMs: null,
    },
    {
      word: 'again',
      about: 'GENESYS_UNREACHABLE',
      status: null,
      times: 1,
      firstMs: 9100,
      lastMs: 9100,
      untilMs: 9500,
    },
    { word: 'died', about: '', status: null, times: 1, firstMs: 9600, lastMs: 9600, untilMs: null },
  ]);
  expect(readNotes(null)).toEqual([]);
});
