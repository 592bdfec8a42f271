import { describe, expect, test } from 'vitest';
import { fieldNameIssue } from '../../../../src/content/card/card-vocabulary.ts';

describe('a field of a card', () => {
  test.for([
    'a',
    'imageUrl',
    'order.number',
    'one-time_code2',
    'größe',
    'onlineSince',
    'onboarding',
    'once',
    '名',
  ])('may have the name %s', (name) => {
    expect(fieldNameIssue(name)).toBeUndefined();
  });

  test.for([
    ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'toJSON', 'valueOf'],
    ...['onclick', 'onError', 'ONLOAD', 'ｏnclick', 'onanimationend'],
    ...['', 'a b', 'a=b', '<img>', '"x', "'x", 'a/b', 'xlink:href', '1a', '-a', 'a\u200bb', 'a'.repeat(65)],
  ])('may not have the name %j', (name) => {
    expect(fieldNameIssue(name)).toBeTypeOf('string');
  });
});
