import { describe, expect, test } from 'vitest';
import { parseExposition, valueIn } from '../../support/exposition.ts';

const COUNTER = '# HELP a_total What it counts.\n# TYPE a_total counter\n';
const HISTOGRAM = '# HELP h_seconds How long.\n# TYPE h_seconds histogram\n';

describe('a scrape', () => {
  test('is read with kinds, help, labels of any characters, and values', () => {
    const metrics = parseExposition(
      `${COUNTER}a_total{x="a\\"b\\\\c\\nd,}",y=""} 3\na_total 1.5e+3\n\n# HELP g A level.\n# TYPE g gauge\ng -Inf\n`,
    );

    expect([...metrics.values()]).toMatchObject([
      { name: 'a_total', kind: 'counter', help: 'What it counts.' },
      { name: 'g', kind: 'gauge', samples: [{ value: -Infinity }] },
    ]);
    expect(valueIn(metrics, 'a_total', { y: '', x: 'a"b\\c\nd,}' })).toBe(3);
    expect(valueIn(metrics, 'a_total')).toBe(1500);
    expect(valueIn(metrics, 'a_total', { x: 'other' })).toBeUndefined();
  });

  test('may have a histogram with matching buckets', () => {
    const text = `${HISTOGRAM}h_seconds_bucket{le="1"} 2\nh_seconds_bucket{le="+Inf"} 3\nh_seconds_sum 4\nh_seconds_count 3\n`;

    expect(valueIn(parseExposition(text), 'h_seconds_bucket', { le: '1' })).toBe(2);
  });

  test.for([
    ['a last line without an end', `${COUNTER}a_total 1`],
    ['prose', 'All is well.\n'],
    ['a sample of nothing', 'a_total 1\n'],
    ['a sample of another metric', `${COUNTER}b_total 1\n`],
    ['no HELP', '# TYPE a_total counter\na_total 1\n'],
    ['no TYPE', '# HELP a_total What it counts.\na_total 1\n'],
    ['the TYPE of another', '# HELP a_total What it counts.\n# TYPE b_total counter\n'],
    ['a metric twice', `${COUNTER}a_total 1\n${COUNTER}`],
    ['a series twice', `${COUNTER}a_total{x="1",y="2"} 1\na_total{y="2",x="1"} 1\n`],
    ['a label twice', `${COUNTER}a_total{x="1",x="2"} 1\n`],
    ['a label without quotes', `${COUNTER}a_total{x=1} 1\n`],
    ['a comma too many', `${COUNTER}a_total{x="1",} 1\n`],
    ['no value', `${COUNTER}a_total{x="1"}\n`],
    ['a value that is none', `${COUNTER}a_total 0x10\n`],
    ['a counter below zero', `${COUNTER}a_total -1\n`],
    ['a histogram without a sum', `${HISTOGRAM}h_seconds_bucket{le="+Inf"} 1\nh_seconds_count 1\n`],
    [
      'a histogram without +Inf',
      `${HISTOGRAM}h_seconds_bucket{le="1"} 1\nh_seconds_sum 1\nh_seconds_count 1\n`,
    ],
    [
      'buckets that fall',
      `${HISTOGRAM}h_seconds_bucket{le="1"} 2\nh_seconds_bucket{le="+Inf"} 1\nh_seconds_sum 1\nh_seconds_count 1\n`,
    ],
    [
      'bounds that fall',
      `${HISTOGRAM}h_seconds_bucket{le="2"} 1\nh_seconds_bucket{le="1"} 1\nh_seconds_bucket{le="+Inf"} 1\nh_seconds_sum 1\nh_seconds_count 1\n`,
    ],
    [
      'a count that is not that of the buckets',
      `${HISTOGRAM}h_seconds_bucket{le="+Inf"} 1\nh_seconds_sum 1\nh_seconds_count 2\n`,
    ],
  ])('is refused with %s', ([, text = '']) => {
    expect(() => parseExposition(text)).toThrow(/^(There is|The (last line|histogram))/);
  });
});
