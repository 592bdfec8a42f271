import { describe, expect, test } from 'vitest';
import { CodedError, ERRORS, messageOf, REFUSALS, toCodedError } from '../../../src/core/errors.ts';
import { HTTP_ERRORS } from '../../../src/core/http-errors.ts';
import { renderErrorsPage } from '../../../src/core/render-errors.ts';

const TABLES = [ERRORS, REFUSALS, HTTP_ERRORS].flatMap((table) => Object.entries(table));
const HINTS = TABLES.map(([code, { hint }]) => ({ code, hint }));

describe('every error code', () => {
  test.for(HINTS)('$code has a hint of one sentence that fits a table cell', ({ code, hint }) => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(hint).toMatch(/^[A-Z`][^\n|]{10,}\.$/);
  });

  test('has one row in the documents, with its hint', () => {
    const rows = renderErrorsPage()
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(rows).toHaveLength(HINTS.length);
    for (const { code, hint } of HINTS) {
      const own = rows.filter((row) => row.startsWith(`| \`${code}\` |`));
      expect(own).toEqual([expect.stringContaining(hint)]);
    }
  });
});

describe('the disposition of an error of Genesys Cloud', () => {
  test.for([
    ['CREDENTIALS_REFUSED', 'pause'],
    ['RATE_LIMITED', 'pause'],
    ['GENESYS_UNAVAILABLE', 'retry'],
    ['GENESYS_UNREACHABLE', 'retry'],
    ['CONTENT_REFUSED', 'reject'],
    ['NOT_FOUND', 'reject'],
    ['SCOPE_MISSING', 'reject'],
    ['CONVERSATION_CLOSED', 'reject'],
    ['CONFLICT', 'reject'],
  ] as const)('%s: %s', ([code, disposition]) => {
    expect(new CodedError(code, 'any').disposition).toBe(disposition);
  });
});

describe('a coded error', () => {
  test('keeps the known fields, and lacks the others', () => {
    const cause = new TypeError('fetch failed');
    const known = new CodedError('RATE_LIMITED', 'slow down', {
      retryAfterMs: 500,
      status: 429,
      details: ['a'],
      cause,
    });
    expect(known).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterMs: 500,
      status: 429,
      details: ['a'],
      cause,
    });

    const bare = new CodedError('INTERNAL', 'odd');
    expect([bare.retryAfterMs, bare.status, bare.cause, bare.details]).toEqual([
      undefined,
      undefined,
      undefined,
      [],
    ]);
  });

  test('stays the same object when it is caught', () => {
    const error = new CodedError('NOT_FOUND', 'gone');
    expect(toCodedError(error)).toBe(error);
  });
});

describe('any other thrown value', () => {
  test.for([
    ['an error', new RangeError('the customer wrote: hello'), 'Unexpected RangeError'],
    ['a text', 'the customer wrote: hello', 'Unexpected string'],
    ['an object', { message: 'the customer wrote: hello' }, 'Unexpected object'],
    ['nothing', undefined, 'Unexpected undefined'],
  ] as const)('becomes INTERNAL without its text, which may quote a payload: %s', ([, thrown, message]) => {
    const error = toCodedError(thrown);
    expect(error).toMatchObject({ code: 'INTERNAL', message, details: [] });
    expect(error.cause).toBe(thrown);
  });

  test('gives its text to callers that may show it', () => {
    expect(messageOf(new Error('no route'))).toBe('no route');
    expect(messageOf('no route')).toBe('no route');
  });
});
