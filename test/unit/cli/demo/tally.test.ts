import { expect, test } from 'vitest';
import { createTally } from '../../../../src/cli/demo/tally.ts';

function openTally() {
  const rejected: unknown[] = [];
  const done: number[] = [];
  const tally = createTally({
    onRejected: (line, errors) => rejected.push([line, errors]),
    onProgress: (lines) => done.push(lines),
  });
  return { tally, rejected, done };
}

test('a tally counts jobs, not lines: a split text has several', () => {
  const { tally, done } = openTally();

  tally.take(1, { status: 'accepted', ids: ['a', 'b'] });
  tally.take(2, { status: 'replayed', ids: ['c', 'd', 'e'] });
  tally.take(3, { status: 'refused', code: 'BACKLOG_FULL' });
  tally.reject(4, []);

  expect(tally.handed()).toEqual({ jobs: 2, replayed: 3, rejected: 2 });
  expect(done).toEqual([1, 2, 3, 4]);
});

test.each([
  ['#', ''],
  ['#/data', ''],
  ['#/body/content', 'body.content'],
  ['#/data/attachments/0/url', 'attachments[0].url'],
  ['#/theme/a~1b%20c', 'theme["(a name of 5 characters)"]'],
  ['#/theme/(a name of 7 characters)', 'theme["(a name of 7 characters)"]'],
  ['#/datacontenttype', 'datacontenttype'],
])('the pointer %s is the path %s of a line', (pointer, path) => {
  const { tally, rejected } = openTally();

  tally.take(7, { status: 'rejected', code: 'JOB_INVALID', errors: [{ pointer, detail: 'expected more' }] });

  expect(rejected).toEqual([[7, [{ path, message: 'expected more' }]]]);
});

test('an answer without a field has its code as the reason', () => {
  const { tally, rejected } = openTally();

  tally.take(1, { status: 'refused', code: 'BACKLOG_FULL' });

  expect(rejected).toEqual([[1, [{ path: '', message: 'BACKLOG_FULL' }]]]);
});
