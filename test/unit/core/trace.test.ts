import { describe, expect, test } from 'vitest';
import { isTracestate, traceOf, traceparentOf } from '../../../src/core/trace.ts';

const ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const TRACE = `00-${ID}-${PARENT}-01`;

describe('a traceparent', () => {
  test.for([
    ['of version 00', TRACE, TRACE],
    ['with other flags', `00-${ID}-${PARENT}-ff`, `00-${ID}-${PARENT}-ff`],
    ['of a later version', `cc-${ID}-${PARENT}-03`, `00-${ID}-${PARENT}-01`],
    ['of a later version with more', `01-${ID}-${PARENT}-00-what-else`, `00-${ID}-${PARENT}-00`],
    ['of version ff', `ff-${ID}-${PARENT}-01`, undefined],
    ['of version 00 with more', `${TRACE}-01`, undefined],
    ['of a later version with more, without a dash', `01-${ID}-${PARENT}-01x`, undefined],
    ['in capitals', TRACE.toUpperCase(), undefined],
    ['with a trace id of zeros', `00-${'0'.repeat(32)}-${PARENT}-01`, undefined],
    ['with a parent id of zeros', `00-${ID}-${'0'.repeat(16)}-01`, undefined],
    ['of a later version, with zeros', `01-${'0'.repeat(32)}-${PARENT}-01`, undefined],
    ['that came twice', `${TRACE}, ${TRACE}`, undefined],
    ['that is too long', `01-${ID}-${PARENT}-01-${'x'.repeat(1000)}`, undefined],
    ['with a line break', `${TRACE}\n`, undefined],
    ['that is empty', '', undefined],
    ['that is missing', undefined, undefined],
  ] as const)('%s', ([, text, parent]) => {
    expect(traceparentOf(text)).toBe(parent);
  });
});

describe('a tracestate', () => {
  test.for([
    ['of one member', 'rojo=00f067aa0ba902b7', true],
    ['of several, with space', 'rojo=1 , \tcongo=t61rcWkgMzE', true],
    ['of a tenant', '1a@vendor=x', true],
    ['with an empty member', 'a=1,,b=2', true],
    ['of 32 members', Array.from({ length: 32 }, (_, n) => `k${n}=1`).join(','), true],
    ['of 33 members', Array.from({ length: 33 }, (_, n) => `k${n}=1`).join(','), false],
    ['of 513 characters', `a=${'x'.repeat(200)},b=${'x'.repeat(200)},c=${'x'.repeat(105)}`, false],
    ['with a key twice', 'a=1,a=2', false],
    ['without a value', 'a=', false],
    ['without a key', '=1', false],
    ['with a key in capitals', 'A=1', false],
    ['with "=" in a value', 'a=1=2', false],
    ['with a line break', 'a=1\nb', false],
    ['beyond ASCII', 'a=é', false],
    ['that is empty', '', false],
  ] as const)('%s', ([, text, isSound]) => {
    expect(isTracestate(text)).toBe(isSound);
    expect(traceOf(TRACE, text)).toEqual({ traceparent: TRACE, ...(isSound && { tracestate: text }) });
    expect(traceOf(undefined, text)).toBeUndefined();
  });
});
