import { expect, test } from 'vitest';
import { readAllowance } from '../../../src/genesys/read-allowance.ts';

const PLATFORM = {
  'inin-ratelimit-count': '17',
  'inin-ratelimit-allowed': '300',
  'inin-ratelimit-reset': '42',
};

test.for([
  [{}, undefined],
  [{ 'x-ratelimit-remaining': '5' }, { remaining: 5 }],
  [{ 'x-ratelimit-remaining': '-5' }, undefined],
  [PLATFORM, { remaining: 283, count: { requests: 17, allowed: 300, resetMs: 42_000 } }],
  [
    { ...PLATFORM, 'inin-ratelimit-count': '301' },
    { remaining: 0, count: expect.anything() },
  ],
  [{ ...PLATFORM, 'inin-ratelimit-reset': 'soon' }, { remaining: 283 }],
  [{ ...PLATFORM, 'inin-ratelimit-allowed': '0' }, { remaining: 0 }],
  [{ ...PLATFORM, 'inin-ratelimit-allowed': '1e9' }, undefined],
  [{ 'inin-ratelimit-count': '17' }, undefined],
] as const)('the headers %j say %j about the rate limit', ([headers, allowance]) => {
  expect(readAllowance(new Headers(headers))).toEqual(allowance);
});
