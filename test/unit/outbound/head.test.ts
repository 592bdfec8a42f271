import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endOfHead, isInterim, mendHead, statusIn } from '../../../src/outbound/head.ts';
import { expectLinear } from '../../support/effort.ts';

const head = (...lines: string[]) => `HTTP/1.1 200 OK\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;

describe('a head', () => {
  test.for([
    ['without headers', head()],
    [
      'with the usual headers',
      head('Content-Type: application/json', 'content-length: 12', 'X-A:', 'X-B: \xff'),
    ],
    ['in chunks', head('Transfer-Encoding: gzip, chunked')],
    ['without a reason', 'HTTP/1.1 204\r\n\r\n'],
  ] as const)('with %s stays unchanged', ([, text]) => {
    expect(mendHead(text)).toBe(text);
  });

  test.for([
    ['equal lengths', head('Content-Length: 2', 'Content-Length: 2'), 'content-length: 2'],
    ['equal lengths in one line', head('Content-Length: 2, 2'), 'content-length: 2'],
    ['lengths that differ', head('Content-Length: 2', 'Content-Length: 3'), 'content-length: 0'],
    ['a length that is no number', head('Content-Length: -2'), 'content-length: 0'],
    [
      'a length and chunks',
      head('Content-Length: 2', 'Transfer-Encoding: chunked'),
      'transfer-encoding: chunked',
    ],
    ['a folded header', head('X-A: a', ' b'), 'X-A: a b'],
    ['a control character', head('X-A: a\x00b'), 'X-A: ab'],
    ['white space before the colon', head('X-A : a'), 'X-A: a'],
  ] as const)('with %s is rewritten, and its connection is closed', ([, odd, expected]) => {
    const mended = mendHead(odd);
    expect(mended).toContain(`\r\n${expected}\r\n`);
    expect(mended).toContain('\r\nconnection: close\r\n');
    expect(mended).toMatch(/^HTTP\/1\.1 200 /);
  });

  test('of any bytes is rewritten with the same status, and stays unchanged the second time', () => {
    const line = fc.string({
      unit: fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)),
    });
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 999 }), fc.array(line), (status, lines) => {
        const text = lines.map((one) => one.replaceAll('\n', '')).join('\r\n');
        const mended = mendHead(`HTTP/1.1 ${status} X\r\n${text}\r\n\r\n`);
        expect(statusIn(mended)).toBe(status);
        expect(mendHead(mended)).toBe(mended);
        expect(endOfHead(Buffer.from(mended, 'latin1'))).toBe(mended.length);
      }),
    );
  });

  test('of 200,000 lines is rewritten in linear time', () => {
    const linesOf = (count: number) => `HTTP/1.1 200 OK\r\n${': a\r\n'.repeat(count)}\r\n`;
    expectLinear(200_000, linesOf, mendHead);
    const longOf = (size: number) => `HTTP/1.1 200 ${'a'.repeat(size)}\r\n${'\t'.repeat(size)}\r\n\r\n`;
    expectLinear(250_000, longOf, mendHead);
  });
});

test.for([
  ['HTTP/1.1 200 OK\r\n\r\nbody', 19],
  ['HTTP/1.1 200 OK\n\nbody\r\n\r\n', 17],
  ['HTTP/1.1 200 OK\r\nA: b\n\r\nbody', 24],
  ['HTTP/1.1 200 OK\r\nA: b\r\n', -1],
  ['', -1],
] as const)('the head of %j ends at %i', ([text, end]) => {
  expect(endOfHead(Buffer.from(text))).toBe(end);
});

test('interim statuses precede an answer, and 101 is none of them', () => {
  expect([100, 101, 102, 103, 199, 200, 600].filter(isInterim)).toEqual([100, 102, 103, 199]);
});
